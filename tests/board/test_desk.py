"""The desk's pages: lanes, forms, undo, rounds, claims, the log and what only some may do."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conference.board import claims, editing, flags, keys, muting, reasons, services, speaking, wording
from conference.board.models import Decision, Post
from conference.board.staff_models import CannedReason, DeskRules
from conference.board.watching import folded, has_link, watched_words
from conference.event.models import Participant
from conference.live.models import LiveEvent

DESK = frozenset({"desk"})
HTMX = {"HX-Request": "true"}


def lane(page: str, name: str) -> str:
    """The part of the desk's page with one of its three lanes."""
    return page.split(f'data-lane="{name}"')[1].split("</section>")[0]


def test_three_lanes_and_only_what_holds_something_besides(house, ask, client_of) -> None:
    for state in ("pending", "published", "shortlisted", "live"):
        ask(f"Question {state}", state)
    page = client_of("desk").get("/prague/moderate/").content.decode()
    assert "Question pending" in lane(page, "pending")
    assert "Question published" in lane(page, "published")
    assert "Question shortlisted" in lane(page, "stage")
    assert "Question live" in lane(page, "stage")
    assert "Not included" not in page.split("other-lanes")[1]
    ask("Question declined", "declined")
    assert (
        "Not included" in client_of("desk").get("/prague/moderate/").content.decode().split("other-lanes")[1]
    )


def test_minutes_left_are_of_the_conferences_clock(house, ask, client_of) -> None:
    ask("Now")
    ask("Later", item=house.closed_door)
    page = lane(client_of("desk").get("/prague/moderate/").content.decode(), "pending")
    assert "34 min left" in page
    assert "starts 10:55" in page


def test_a_canned_reason_is_told_in_the_askers_language(house, ask, client_of) -> None:
    post = ask("Slides?")
    reason = CannedReason.objects.filter(conference=house.conference).first()
    path = f"/prague/moderate/{post.public_id}/"
    assert str(reason.text_en) in client_of("desk").get(f"{path}decline/").content.decode()
    data = {"to": "declined", "version": post.version, "canned": reason.pk, "reason": "See page 3."}
    assert client_of("desk").post(f"{path}decide/", data).status_code == 303
    post.refresh_from_db()
    assert post.reason == f"{reason.text_en} See page 3."
    assert post.reason_cs == f"{reason.text_cs} See page 3."
    assert post.canned_reason == reason


def test_another_conferences_reason_is_no_reason(house, ask, client_of) -> None:
    from conference.event.models import Conference

    other = Conference.objects.create(
        slug="other", title="Other", starts_on=timezone.now(), ends_on=timezone.now(), hall_code="x"
    )
    post = ask()
    data = {"to": "declined", "version": 1, "canned": other.canned_reasons.first().pk}
    assert client_of("desk").post(f"/prague/moderate/{post.public_id}/decide/", data).status_code == 422


def test_asking_to_shorten_gives_the_text_back(house, ask, client_of) -> None:
    post = ask("A very long question")
    data = {"to": "declined", "version": post.version, "shorten": "1"}
    assert client_of("desk").post(f"/prague/moderate/{post.public_id}/decide/", data).status_code == 303
    post.refresh_from_db()
    assert (post.state, post.may_resend) == ("declined", True)
    assert (post.reason, post.reason_cs) == reasons.SHORTEN


def test_editing_keeps_the_original_and_says_so(house, ask, client_of) -> None:
    post = ask("Wat is this?", "published")
    path = f"/prague/moderate/{post.public_id}/edit/"
    data = {"text": "What is this?", "stage_line": "In short", "version": post.version}
    assert client_of("desk").post(path, data).status_code == 303
    post.refresh_from_db()
    assert (post.text, post.original_text, post.stage_line) == ("What is this?", "Wat is this?", "In short")
    card = Client().get(f"/prague/board/{post.public_id}/card/").content.decode()
    assert "Edited by the organisers" in card
    assert "Wat" not in card
    assert "In short" not in card
    back = {"text": "Wat is this?", "stage_line": "", "version": post.version}
    client_of("desk").post(path, back)
    post.refresh_from_db()
    assert not post.edited_by_desk


def test_an_empty_edit_is_422_and_keeps_what_was_typed(house, ask, client_of) -> None:
    post = ask("Words")
    data = {"text": " ", "stage_line": "kept line", "version": post.version}
    answer = client_of("desk").post(f"/prague/moderate/{post.public_id}/edit/", data)
    assert answer.status_code == 422
    assert "kept line" in answer.content.decode()


@pytest.mark.parametrize("form", ["edit", "note", "mute", "join", "session"])
def test_every_form_names_what_was_seen(house, ask, client_of, form: str) -> None:
    """Each of them on an older version: 409, who was faster, and nothing is changed."""
    post, other = ask("First", "published"), ask("Second", "published")
    services.decide(post=post, to="shortlisted", by=house.organiser, roles=DESK, version=post.version)
    before = Post.objects.values().get(pk=post.pk)
    content = {
        "text": "x",
        "note": "x",
        "muted": "1",
        "into": other.public_id,
        "session": house.closed_door.slug,
    }
    path = f"/prague/moderate/{post.public_id}/{form}/"
    answer = client_of("desk").post(path, {**content, "version": post.version})
    assert answer.status_code == 409
    assert "organiser" in answer.content.decode()
    assert Post.objects.values().get(pk=post.pk) == before


@pytest.mark.parametrize("form", ["edit", "note", "mute", "join", "session", "reply"])
def test_a_chair_changes_no_words(house, ask, client_of, form: str) -> None:
    post, other = ask("First", "published"), ask("Second", "published")
    content = {
        "text": "x",
        "note": "x",
        "muted": "1",
        "into": other.public_id,
        "session": house.closed_door.slug,
        "key": keys.new_key(),
        "version": post.version,
    }
    assert client_of("chair").post(f"/prague/moderate/{post.public_id}/{form}/", content).status_code == 422
    assert Post.objects.get(pk=post.pk).version == post.version
    assert Post.objects.count() == 2


def test_undo_by_button_and_by_key(house, ask, client_of) -> None:
    post = ask("Why?")
    desk = client_of("desk")
    decided = desk.post(f"/prague/moderate/{post.public_id}/decide/", {"to": "published", "version": 1})
    page = desk.get(decided.url).content.decode()
    address = re.search(r"/prague/moderate/undo/\d+/", page).group()
    assert desk.post(address).status_code == 303
    assert Post.objects.get(pk=post.pk).state == "pending"
    assert desk.post("/prague/moderate/undo/").status_code == 422
    assert client_of("stranger").post(address).status_code == 404


def test_undo_of_what_changed_since_is_409(house, ask, client_of) -> None:
    post = ask("Why?", "published")
    decision = post.decisions.last()
    services.decide(post=post, to="live", by=house.organiser, roles=DESK, version=post.version)
    answer = client_of("desk").post(f"/prague/moderate/undo/{decision.pk}/")
    assert answer.status_code == 409
    assert "organiser" in answer.content.decode()


def test_an_authors_own_step_is_not_undone(house, ask, client_of) -> None:
    post = ask("Mine", "withdrawn")
    answer = client_of("desk").post(f"/prague/moderate/undo/{post.decisions.last().pk}/")
    assert answer.status_code == 422
    assert Post.objects.get(pk=post.pk).state == "withdrawn"


def picks(*posts: Post) -> list[str]:
    return [f"{post.public_id}:{Post.objects.get(pk=post.pk).version}" for post in posts]


def test_a_round_of_three_from_the_shortlist_and_off_the_screen(house, ask, client_of) -> None:
    posts = [ask(f"Question {number}", "shortlisted") for number in range(4)]
    desk = client_of("desk")
    answer = desk.post("/prague/moderate/bulk/", {"action": "round", "first": "3", "pick": picks(*posts)})
    assert answer.status_code == 303
    assert list(Post.objects.filter(stage="live").order_by("pk")) == posts[:3]
    assert len(set(Decision.objects.filter(action="round").values_list("batch", flat=True))) == 1
    clear = {"action": "clear", "to": "shortlisted", "pick": picks(*posts[:3])}
    assert desk.post("/prague/moderate/bulk/", clear).status_code == 303
    order = Post.objects.filter(stage="shortlisted").order_by("position")
    assert list(order) == posts


def test_several_at_once_are_all_or_nothing(house, ask, client_of) -> None:
    posts = [ask(f"Question {number}") for number in range(3)]
    seen = picks(*posts)
    services.decide(post=posts[1], to="declined", by=house.organiser, roles=DESK, version=1, reason="no")
    answer = client_of("desk").post("/prague/moderate/bulk/", {"action": "published", "pick": seen})
    assert answer.status_code == 409
    assert Post.objects.filter(release="pending").count() == 2
    assert client_of("desk").post("/prague/moderate/bulk/", {"action": "published"}).status_code == 422
    declined = {"action": "declined", "pick": picks(posts[0], posts[2])}
    assert client_of("desk").post("/prague/moderate/bulk/", declined).status_code == 422
    declined["canned"] = CannedReason.objects.filter(conference=house.conference).first().pk
    assert client_of("desk").post("/prague/moderate/bulk/", declined).status_code == 303
    assert Post.objects.filter(release="declined").count() == 3


def test_a_question_from_the_floor_is_there_at_once_and_only_once(house, client_of) -> None:
    desk = client_of("desk")
    data = {"key": keys.new_key(), "text": "Asked aloud", "item": house.open.slug, "to": "shortlisted"}
    for _ in range(2):
        assert desk.post("/prague/moderate/floor/", data).status_code == 303
    post = Post.objects.get()
    assert (post.state, post.staff, post.participant) == ("shortlisted", house.desk, None)
    assert desk.post("/prague/moderate/floor/", {**data, "text": "Other"}).status_code == 409
    assert "From the floor" in Client().get(f"/prague/board/{post.public_id}/card/").content.decode()
    assert (
        client_of("chair").post("/prague/moderate/floor/", {**data, "key": keys.new_key()}).status_code == 422
    )


def test_an_official_reply_is_marked(house, ask, client_of) -> None:
    post = ask("Slides?", "published")
    data = {"key": keys.new_key(), "text": "On the website tonight."}
    assert client_of("desk").post(f"/prague/moderate/{post.public_id}/reply/", data).status_code == 303
    reply = Post.objects.get(parent=post)
    assert (reply.release, reply.shown_name) == ("published", "Organisers")


def test_muting_moves_to_a_lane_and_tells_nobody(house, ask, client_of) -> None:
    first, second = ask("Rude once"), ask("Rude twice")
    muting.mute(post=first, by=house.desk, roles=DESK, version=first.version)
    page = client_of("desk").get("/prague/moderate/").content.decode()
    assert "Rude" not in lane(page, "pending")
    assert "Muted devices" in page
    second.refresh_from_db()
    assert (second.state, second.state_label) == ("pending", "Waiting for approval")
    assert house.device.pk.hex[:6] not in page


def test_words_and_links_are_marked_and_not_blocked(house, ask, client_of) -> None:
    DeskRules.objects.create(conference=house.conference, words="žába\nspam mail")
    ask("Kde jsou vážky?")
    ask("See www.example.com")
    page = client_of("desk").get("/prague/moderate/").content.decode()
    assert "holds a link" in page
    assert "Look twice:" not in page
    ask("A ZABA and Spam Mailers")
    page = client_of("desk").get("/prague/moderate/").content.decode()
    assert "žába, spam mail" in page


def test_words_are_matched_without_accents_from_their_beginning() -> None:
    assert folded("Žluťoučký KŮŇ") == "zlutoucky kun"
    assert watched_words("To je Blbost!", "blbost\nhloupost") == ["blbost"]
    assert watched_words("nezblbost", "blbost") == []
    assert watched_words("anything", "") == []
    assert has_link("see https://x.cz")
    assert not has_link("At 10.30, i.e. now")


def test_the_move_to_a_stricter_session_forgets_the_name(house, ask, client_of) -> None:
    post = ask("Why?", "published", name="Jana Nováková")
    data = {"session": house.closed_door.slug, "version": post.version}
    assert client_of("desk").post(f"/prague/moderate/{post.public_id}/session/", data).status_code == 303
    post.refresh_from_db()
    assert (post.item, post.name, post.state) == (house.closed_door, "", "published")
    assert Client().get(f"/prague/board/{post.public_id}/card/").status_code == 404
    kept = json.dumps([decision.before for decision in Decision.objects.all()])
    assert "Jana" not in kept
    events = LiveEvent.objects.filter(subject=post.public_id, kind="post").values_list("audience", flat=True)
    assert {"public", "hall"} <= set(events)


def test_a_claim_is_shown_to_others_and_ends_by_itself(house, ask, client_of) -> None:
    post = ask("Why?")
    path = f"/prague/moderate/{post.public_id}/claim/"
    assert client_of("desk").post(path, {"open": "1"}).json() == {"by": ""}
    assert client_of("organiser").post(path, {"open": "1"}).json() == {"by": "desk"}
    assert "desk has this open" in client_of("organiser").get("/prague/moderate/").content.decode()
    assert "desk has this open" not in client_of("desk").get("/prague/moderate/").content.decode()
    told = json.loads(LiveEvent.objects.filter(kind="claim", audience="desk").last().subject)
    assert (told["id"], told["by"]) == (post.public_id, "desk")
    assert not LiveEvent.objects.filter(kind="claim").exclude(audience="desk").exists()
    Post.objects.filter(pk=post.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert claims.holder(Post.objects.get(pk=post.pk)) is None
    assert client_of("organiser").post(path, {"open": "1"}).json() == {"by": ""}
    # A claim is no decision: the version that others saw still holds.
    assert Post.objects.get(pk=post.pk).version == post.version
    client_of("organiser").post(path, {"open": "0"})
    assert Post.objects.get(pk=post.pk).claimed_by is None


def test_notes_and_labels_are_for_the_desk_alone(house, ask, client_of) -> None:
    post = ask("Why?", "published")
    wording.annotate(
        post=post, note="zonknote", labels=["zonklabel"], by=house.desk, roles=DESK, version=post.version
    )
    assert "zonklabel" in client_of("desk").get("/prague/moderate/").content.decode()
    for path in (f"board/{post.public_id}/", "board/", "agenda/keynote/"):
        assert b"zonk" not in Client().get(f"/prague/{path}").content
    assert wording.labels_of(" a, b ,, a") == ["a", "b"]


def test_the_script_gets_the_lanes_alone(house, ask, client_of) -> None:
    post = ask("Why?")
    data = {"to": "published", "version": post.version}
    answer = client_of("desk").post(f"/prague/moderate/{post.public_id}/decide/", data, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.lstrip().startswith('<div id="lanes"')
    assert "Undo" in page
    panel = client_of("desk").get(f"/prague/moderate/{post.public_id}/edit/", headers=HTMX).content.decode()
    assert "<html" not in panel
    assert "panel-title" in panel


def test_the_log_is_searched_and_paged(house, ask, client_of) -> None:
    ask("Needle in the hay", "declined")
    for number in range(60):
        ask(f"Straw {number}", "published", item=house.closed_door)
    desk = client_of("desk")

    def rows(query: str) -> int:
        answer = desk.get(f"/prague/moderate/log/?{query}")
        assert answer.status_code == 200
        return answer.content.decode().count("<tr>") - 1

    assert rows("") == 50
    assert rows("page=2") == 11
    assert rows("word=needle") == 1
    assert rows("item=keynote") == 1
    assert rows("who=organiser") == 1  # the row that says that nothing fits
    assert rows("action=join") == 1
    assert rows("who=nobody&page=nonsense&since=x") == 50


def test_organisers_edit_the_reasons_and_the_words(house, ask, client_of) -> None:
    organiser = client_of("organiser")
    assert client_of("desk").get("/prague/organise/desk/").status_code == 404
    used = CannedReason.objects.filter(conference=house.conference).first()
    declined = ask("No")
    services.decide(
        post=declined, to="declined", by=house.desk, roles=DESK, version=declined.version, canned=used
    )
    data = {
        "version": "0",
        "words": "rude",
        "reason-pk": [str(used.pk), ""],
        "reason-en": ["Reworded", "Fresh"],
        "reason-cs": ["Jinak", "Nový"],
    }
    assert organiser.post("/prague/organise/desk/", data).status_code == 302
    assert [str(each.text_en) for each in reasons.ready_reasons(house.conference)] == ["Reworded", "Fresh"]
    declined.refresh_from_db()
    assert declined.canned_reason.text_en == used.text_en
    assert DeskRules.objects.get().words == "rude"
    stale = organiser.post("/prague/organise/desk/", {**data, "words": "mine"})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "organiser" in page
    assert "mine" in page
    half = organiser.post("/prague/organise/desk/", {**data, "version": "1", "reason-cs": ["", "x"]})
    assert half.status_code == 422
    assert "Reworded" in half.content.decode()


def test_a_floor_question_undone_is_taken_back(house) -> None:
    from conference.board import undoing

    post = speaking.ask_from_floor(
        conference=house.conference,
        key=keys.new_key(),
        text="Aloud",
        by=house.desk,
        roles=DESK,
        item=house.open,
    )
    undoing.undo(decision=post.decisions.last(), by=house.desk, roles=DESK)
    assert Post.objects.get(pk=post.pk).state == "withdrawn"


def test_the_number_of_queries_is_that_of_one_post(house, ask, client_of) -> None:
    """The desk, its log and its files, at one post of each kind and at 300."""

    def fill(count: int) -> None:
        for state in ("pending", "published", "shortlisted", "answered", "declined"):
            ask(f"One {state}", state, block=house.blocks[1], addressee=house.person, name="Jana")
        pattern = Post.objects.filter(release="pending").first()
        Post.objects.bulk_create(
            Post(
                conference=house.conference,
                participant=Participant.objects.create(),
                text=f"Question {number} www.example.com",
                item=(house.open, house.closed_door)[number % 2],
                block=pattern.block,
                addressee=house.person,
                release=("pending", "published")[number % 3 == 0],
                claimed_by=house.organiser,
                claimed_until=timezone.now() + timedelta(seconds=60),
            )
            for number in range(count)
        )

    def counted(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    client = client_of("desk")
    paths = ("", "log/", "clear/", "export/desk.json", "export/public.xlsx", "export/public-votes.csv")
    fill(1)
    counted("/prague/moderate/")  # the session is read, whatever comes first
    at_one = {path: counted(f"/prague/moderate/{path}") for path in paths}
    fill(300)
    assert {path: counted(f"/prague/moderate/{path}") for path in paths} == at_one
    assert at_one[""] <= 14


def test_hundreds_of_cards_are_sent_small(house, ask, client_of) -> None:
    for number in range(40):
        ask(f"Question {number}")
    answer = client_of("desk").get("/prague/moderate/", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 12_000


def test_a_proposed_wording_stands_beside_the_old_one(house, ask, client_of) -> None:
    desk = client_of("desk")
    posts = [ask(f"Old words {number}", "published") for number in range(2)]
    for number, post in enumerate(posts):
        editing.edit_own(post=post, participant=house.device, text=f"New words {number}", key=keys.new_key())
    waiting = lane(desk.get("/prague/moderate/").content.decode(), "pending")
    assert "Old words 0" in waiting
    assert "New words 0" in waiting
    paths = [f"/prague/moderate/{post.public_id}/wording/" for post in posts]
    assert desk.post(paths[0], {"version": posts[0].version, "accept": "1"}).status_code == 409
    versions = [Post.objects.get(pk=post.pk).version for post in posts]
    assert client_of("chair").post(paths[0], {"version": versions[0], "accept": "1"}).status_code == 422
    assert desk.post(paths[0], {"version": versions[0], "accept": "1"}).status_code == 303
    assert desk.post(paths[1], {"version": versions[1], "accept": "0"}).status_code == 422
    assert (
        desk.post(paths[1], {"version": versions[1], "accept": "0", "reason": "Too late"}).status_code == 303
    )
    texts = list(Post.objects.order_by("pk").values_list("text", "proposed_text"))
    assert texts == [("New words 0", ""), ("Old words 1", "")]
    # Undone, the proposal waits again.
    desk.post("/prague/moderate/undo/")
    assert Post.objects.get(pk=posts[1].pk).proposed_text == "New words 1"


def test_flagged_posts_have_a_lane_until_they_are_settled(house, ask, client_of) -> None:
    post = ask("Flagged words", "published")
    reason = flags.Flag._meta.get_field("reason").choices[0][0]
    flags.flag_post(post=post, participant=None, key=keys.new_key(), reason=reason)
    desk = client_of("desk")
    page = desk.get("/prague/moderate/").content.decode()
    assert "Flagged by readers" in page
    assert f'id="flag-{post.public_id}"' in page
    path = f"/prague/moderate/{post.public_id}/flags/"
    assert client_of("chair").post(path, {"version": post.version}).status_code == 422
    assert desk.post(path, {"version": post.version}).status_code == 303
    assert "Flagged by readers" not in desk.get("/prague/moderate/").content.decode()
    assert Post.objects.get(pk=post.pk).state == "published"
    desk.post("/prague/moderate/undo/")
    assert "Flagged by readers" in desk.get("/prague/moderate/").content.decode()
