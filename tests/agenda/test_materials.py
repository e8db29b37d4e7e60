"""People, rooms and materials: corrections, photos, files, and from when and by whom they are seen."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from conference.agenda import drafts, materials
from conference.agenda.material_models import Material
from conference.agenda.writing import NotPossible
from conference.event import directory, pictures
from conference.event.access import hall_pass_value
from conference.event.models import Person, Room, StoredFile


def camera(width: int = 1200, height: int = 800) -> bytes:
    """A photo as a camera makes it: large, lying on its side, with a place written into it."""
    picture = Image.new("RGB", (width, height), "navy")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "SecretCamera"
    written = io.BytesIO()
    picture.save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_a_photo_is_small_upright_and_says_nothing_about_its_camera() -> None:
    data = camera()
    assert b"SecretCamera" in data
    small = pictures.small_photo(data)
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.size == (320, 480)
        assert not picture.getexif()
    assert b"SecretCamera" not in small


@pytest.mark.parametrize("data", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff", camera()[:400]])
def test_what_is_no_photo_is_refused(data: bytes) -> None:
    with pytest.raises(pictures.NotAPicture):
        pictures.small_photo(data)


def test_an_organiser_corrects_a_person(house, client_of) -> None:
    organiser = client_of("organiser")
    address = "/prague/organise/people/an-author/"
    form = {"version": 1, "name": "A. Author", "affiliation": "House", "biography": "Wrote a paper."}
    photo = SimpleUploadedFile("me.jpg", camera(), content_type="image/jpeg")
    assert organiser.post(address, {**form, "photo": photo}).status_code == 303
    person = Person.objects.get(slug="an-author")
    assert (person.name, person.version) == ("A. Author", 2)
    # On the version that is no more it is a decision on what is there now.
    stale = organiser.post(address, {**form, "name": "Somebody"})
    assert stale.status_code == 409
    assert "A. Author" in stale.content.decode()
    assert 'name="version" value="2"' in stale.content.decode()
    bad = SimpleUploadedFile("me.jpg", b"nothing", content_type="image/jpeg")
    assert organiser.post(address, {**form, "version": 2, "photo": bad}).status_code == 422
    # Seen once the person is on the public programme.
    assert Client().get("/prague/people/an-author/photo/").status_code == 404
    house.open.appearances.create(person=person)
    answer = Client().get("/prague/people/an-author/photo/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert b"SecretCamera" not in answer.content
    assert client_of("desk").get(address).status_code == 404


@pytest.mark.parametrize("rule", ["closed_door", "present"])
def test_where_nobody_may_be_named_no_photo_says_who_was_there(house, rule: str) -> None:
    values = {"name": "An Author", "affiliation": "", "biography": ""}
    made = directory.save_person(
        conference=house.conference, person=house.person, version=1, values=values, photo=camera()
    )
    appearance = getattr(house, rule).appearances.create(person=made)
    other = Person.objects.create(conference=house.conference, slug="other", name="Other")
    for address in ("/prague/people/an-author/", "/prague/people/an-author/photo/"):
        assert Client().get(address).status_code == 404, address
    # Nor that somebody stepped in there.
    appearance.person, appearance.replaced_by, appearance.cancelled = other, made, True
    appearance.save()
    assert Client().get("/prague/people/an-author/photo/").status_code == 404
    house.open.appearances.create(person=made)
    assert Client().get("/prague/people/an-author/photo/").status_code == 200


def test_a_room_says_how_to_get_there(house, client_of) -> None:
    organiser = client_of("organiser")
    form = {"version": 0, "name": "Small hall", "capacity": 40, "way_finding": "Second floor, left"}
    assert organiser.post("/prague/organise/rooms/add/", form).status_code == 303
    room = Room.objects.get(slug="small-hall")
    assert (room.capacity, room.way_finding) == (40, "Second floor, left")
    assert organiser.post("/prague/organise/rooms/small-hall/", form).status_code == 409
    assert "Second floor, left" in organiser.get("/prague/organise/people/").content.decode()


def upload(client: Client, item: str, **values: object) -> int:
    data = {"kind": "slides", "title": "Slides of the talk", **values}
    return client.post(f"/prague/organise/items/{item}/materials/", data).status_code


def pdf(name: str = "../Přednáška 1.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 slides", content_type="text/html")


def test_a_file_is_an_attachment_with_a_safe_name(house, client_of) -> None:
    assert upload(client_of("organiser"), "keynote", upload=pdf()) == 303
    made = Material.objects.get()
    answer = Client().get(f"/prague/agenda/keynote/materials/{made.pk}/")
    assert answer.content == b"%PDF-1.4 slides"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="Prednaska-1.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    # Not under another item's address, and not when it was taken off.
    assert Client().get(f"/prague/agenda/secret/materials/{made.pk}/").status_code == 404
    change = f"/prague/organise/items/keynote/materials/{made.pk}/"
    client_of("organiser").post(change, {"what": "off", "version": 1})
    assert Client().get(f"/prague/agenda/keynote/materials/{made.pk}/").status_code == 404


@pytest.mark.parametrize("name", ["run.exe", "page.html", "picture.svg", "noending", "a.pdf.js"])
def test_files_that_a_browser_might_run_are_refused(house, client_of, name: str) -> None:
    assert upload(client_of("organiser"), "keynote", upload=pdf(name)) == 422
    assert not StoredFile.objects.exists()


def test_a_file_or_a_link_and_not_both(house, client_of) -> None:
    organiser = client_of("organiser")
    assert upload(organiser, "keynote") == 422
    assert upload(organiser, "keynote", url="https://example.org/", upload=pdf()) == 422
    assert upload(organiser, "keynote", url="javascript:alert(1)") == 422
    assert upload(organiser, "keynote", url="https://example.org/", kind="link") == 303


def test_seen_from_its_time_on_and_by_those_who_may(house, client_of) -> None:
    organiser = client_of("organiser")
    assert upload(organiser, "keynote", upload=pdf(), visible_from="2013-12-17T11:00") == 303
    assert upload(organiser, "table", upload=pdf()) == 303
    later, present = Material.objects.order_by("pk")
    assert Client().get(f"/prague/agenda/keynote/materials/{later.pk}/").status_code == 404
    house.conference.clock_from += timedelta(minutes=66)
    house.conference.save()
    assert Client().get(f"/prague/agenda/keynote/materials/{later.pk}/").status_code == 200
    # For those present only: the hall, and not after the end.
    address = f"/agenda/table/materials/{present.pk}/"
    inside = Client()
    inside.cookies["hall_pass"] = hall_pass_value(house.conference)
    assert inside.get(f"/prague{address}").status_code == 404
    assert inside.get(f"/prague/hall{address}").status_code == 200
    assert Client().get(f"/prague/hall{address}").status_code == 303
    house.conference.clock_from += timedelta(minutes=60)
    house.conference.save()
    assert inside.get(f"/prague/hall{address}").status_code == 404


def test_what_a_speaker_adds_waits_for_an_organiser(house, client_of) -> None:
    draft = drafts.draft_of(house.conference, "keynote")
    made = materials.add(
        item=draft, by=None, speaker=house.person, kind="slides", title="Mine", upload=("mine.pdf", b"%PDF")
    )
    address = f"/prague/agenda/keynote/materials/{made.pk}/"
    assert Client().get(address).status_code == 404
    change = f"/prague/organise/items/keynote/materials/{made.pk}/"
    client_of("organiser").post(change, {"what": "take", "version": 1})
    assert Client().get(address).status_code == 200
    with pytest.raises(NotPossible):
        materials.change(material=made, by=house.organiser, version=1, taken_off=True)
