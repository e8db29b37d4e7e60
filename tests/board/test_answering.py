"""Written answers: who is given what, and how an answer becomes public, never its question silently."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from conference.agenda.models import Appearance
from conference.board import access, answering, changing, services
from conference.board.models import Decision, Post
from conference.event.access import HALL, PUBLIC, Audience
from conference.event.models import Conference, Person
from tests.conftest import PATHS

DESK = frozenset({"desk"})
PASSED_ON = {"not_reached", "passed_on"}


@pytest.fixture(autouse=True)
def on_the_panel(house) -> None:
    """The author speaks in the keynote."""
    Appearance.objects.create(item=house.open, person=house.person, role="speaker")


def write(house, question: Post, text: str = "Because.", version: int = 0) -> Post:
    question.conference = Conference.objects.get()
    return answering.write_answer(
        question=question, author=house.person, by=house.organiser, text=text, version=version
    )


def decide(house, post: Post, to: str) -> Post:
    post.refresh_from_db()
    return services.decide(
        post=post, to=to, by=house.desk, roles=DESK, version=post.version, reason="because"
    )


def publish_at_once(house) -> None:
    Conference.objects.update(answers_need_approval=False)


@pytest.mark.parametrize("state", sorted(PATHS))
def test_what_is_passed_on(house, ask, state: str) -> None:
    ask("A question", state)
    listed = answering.passed_on_to(house.person, house.conference)
    assert bool(listed) == (state in PASSED_ON)


def test_to_whom_it_is_passed_on(house, ask) -> None:
    other = Person.objects.create(conference=house.conference, slug="other", name="Other")
    chair = Person.objects.create(conference=house.conference, slug="chair", name="Chair")
    Appearance.objects.create(item=house.open, person=other, role="speaker")
    Appearance.objects.create(item=house.open, person=chair, role="chair")
    ask("to the panel", "not_reached")
    ask("to the author", "not_reached", addressee=house.person)
    ask("elsewhere", "not_reached", item=house.closed_door)
    ask("elsewhere to the author", "passed_on", item=house.closed_door, addressee=house.person)

    def given(person: Person) -> set[str]:
        return {post.text for post in answering.passed_on_to(person, house.conference)}

    assert given(house.person) == {"to the panel", "to the author", "elsewhere to the author"}
    assert given(other) == {"to the panel"}
    assert given(chair) == set()


def test_it_waits_for_the_desk_and_then_ends_the_question(house, ask) -> None:
    question = ask("A question", "not_reached")
    answer = write(house, question)
    assert answer.state == "pending"
    for name in (PUBLIC, HALL):
        assert answer not in access.visible_to(Audience(name), house.conference)
    decide(house, answer, "published")
    question.refresh_from_db()
    assert question.state == "answered_in_writing"
    assert answer in access.visible_to(Audience(), house.conference)
    log = Decision.objects.filter(post=question).last()
    assert (log.source, log.target, log.by) == ("not_reached", "answered_in_writing", house.desk)


def test_it_is_published_at_once_where_the_organiser_says_so(house, ask) -> None:
    publish_at_once(house)
    question = ask("A question", "not_reached")
    assert write(house, question).state == "published"
    question.refresh_from_db()
    assert question.state == "answered_in_writing"


def test_an_answer_never_publishes_its_question(house, ask) -> None:
    publish_at_once(house)
    question = ask("Never approved", "passed_on")
    answer = write(house, question)
    assert answer.state == "pending"
    with pytest.raises(changing.QuestionUnpublished):
        decide(house, answer, "published")
    question.refresh_from_db()
    assert question.state == "passed_on"
    assert not access.visible_to(Audience(), house.conference).exists()
    decide(house, question, "not_reached")
    assert decide(house, answer, "published").state == "published"
    question.refresh_from_db()
    assert question.state == "answered_in_writing"


@pytest.mark.parametrize("approval", [True, False])
def test_the_same_answer_twice_is_one(house, ask, approval: bool) -> None:
    Conference.objects.update(answers_need_approval=approval)
    question = ask("A question", "not_reached")
    first = write(house, question)
    assert write(house, question).pk == first.pk
    assert Post.objects.filter(kind="answer").count() == 1


def test_the_database_holds_one_answer_of_each_author(house, ask) -> None:
    question = ask("A question", "not_reached")
    write(house, question)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(
            conference=house.conference, kind="answer", parent=question, author=house.person, text="Again"
        )


def test_it_can_be_changed_until_it_is_published(house, ask) -> None:
    question = ask("A question", "not_reached")
    answer = write(house, question)
    changed = write(house, question, "Better.", answer.version)
    assert changed.text == "Better."
    with pytest.raises(changing.Stale):
        write(house, question, "From an old window.", answer.version)
    with pytest.raises(changing.Stale):
        write(house, question, "As if it were new.")
    decide(house, answer, "published")
    answer.refresh_from_db()
    with pytest.raises(answering.AlreadyPublished):
        write(house, question, "Too late.", answer.version)
    assert Post.objects.get(pk=answer.pk).text == "Better."


def test_a_declined_answer_can_be_written_again(house, ask) -> None:
    question = ask("A question", "not_reached")
    answer = decide(house, write(house, question), "declined")
    again = write(house, question, "Shorter.", answer.version)
    assert (again.state, again.reason) == ("pending", "")


def test_a_removed_answer_stays_removed(house, ask) -> None:
    question = ask("A question", "not_reached")
    answer = decide(house, write(house, question), "published")
    answer = decide(house, answer, "hidden")
    question.refresh_from_db()
    assert question.state == "not_reached"
    with pytest.raises(changing.NotAllowed):
        write(house, question, "Again.", answer.version)


def test_a_question_stays_answered_while_one_answer_stands(house, ask) -> None:
    publish_at_once(house)
    other = Person.objects.create(conference=house.conference, slug="other", name="Other")
    Appearance.objects.create(item=house.open, person=other, role="speaker")
    question = ask("A question", "not_reached")
    first = write(house, question)
    question.refresh_from_db()
    question.conference = Conference.objects.get()
    second = answering.write_answer(
        question=question, author=other, by=house.organiser, text="And.", version=0
    )
    decide(house, first, "hidden")
    question.refresh_from_db()
    assert question.state == "answered_in_writing"
    decide(house, second, "hidden")
    question.refresh_from_db()
    assert question.state == "not_reached"


@pytest.mark.parametrize("state", sorted(set(PATHS) - PASSED_ON))
def test_nothing_else_is_answered_in_writing(house, ask, state: str) -> None:
    question = ask("A question", state)
    with pytest.raises(services.NotAllowed):
        write(house, question)
    assert not Post.objects.filter(kind="answer").exists()


def test_somebody_elses_question_is_not_answered(house, ask) -> None:
    stranger = Person.objects.create(conference=house.conference, slug="stranger", name="Stranger")
    question = ask("A question", "not_reached")
    question.conference = house.conference
    with pytest.raises(services.NotAllowed):
        answering.write_answer(question=question, author=stranger, by=house.organiser, text="Me!", version=0)


def test_nobody_is_named_where_the_rule_forbids(house, ask) -> None:
    publish_at_once(house)
    Appearance.objects.create(item=house.closed_door, person=house.person, role="speaker")
    question = ask("A question", "not_reached", item=house.closed_door)
    Post.objects.filter(pk=question.pk).update(name="Somebody")
    answer = write(house, question)
    answer.refresh_from_db()
    assert answer.shown_author == ""
    question.refresh_from_db()
    question.answers = [answer]
    assert house.person.name not in render_to_string("board/answers.html", {"post": question})
    question.under = [answer]
    assert house.person.name not in render_to_string("papers/under.html", {"post": question})
    (listed,) = answering.passed_on_to(house.person, house.conference)
    assert listed.shown_name == ""
    assert answer not in access.visible_to(Audience(), house.conference)
    assert answer in access.visible_to(Audience(HALL), house.conference)


def test_queries_do_not_grow(house, ask) -> None:
    publish_at_once(house)

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            for question in answering.passed_on_to(house.person, house.conference):
                str(question.own_answer and question.own_answer.shown_author)
        return len(captured)

    write(house, ask("One", "not_reached"))
    at_one = count()
    for number in range(6):
        write(house, ask(f"Question {number}", "not_reached", block=house.blocks[1]))
    assert count() == at_one == 2
