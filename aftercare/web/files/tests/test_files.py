"""Files on pages and through the API: handed in, shown to whoever sees the document, never run, taken off with a reason."""

import json
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from aftercare.commands import backup, restore
from aftercare.domain.custody.models import Custody
from aftercare.domain.files.models import StoredFile
from aftercare.domain.files.tests import pictures as made
from aftercare.domain.people import actions as people
from aftercare.foundation import blobs
from aftercare.web.work.tests import cast

SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def company(db):
    return cast.found()


def photo(name="铭牌.jpg", **options):
    return SimpleUploadedFile(name, made.jpeg(turned=True, **options), "image/jpeg")


def send(client, url, *, key="", file=None, **fields):
    return client.post(url, {"files": file or photo(), "key": key or uuid.uuid4().hex, **fields}, headers=SCRIPT)


def test_a_photo_of_an_order_is_handed_in_seen_and_taken_off(company):
    order = company.register()
    other = people.create_branch(number="BJ", name="北京", **company.make)
    company.people["stranger"] = people.create_employee(number="X9", name="外地", branch=other, **company.make)
    people.grant(company.people["stranger"], role=_role("clerk"), branch=other, **company.make)
    clerk, stranger = company.client("clerk"), company.client("stranger")
    url = f"/files/of/orders/{order.number}/"
    answer = send(clerk, url, key="phone-key-0001", kind_of="nameplate")
    assert answer.status_code == 201 and "铭牌 ·" in answer.content.decode()
    # The telephone is not sure and sends again: nothing is doubled.
    assert send(clerk, url, key="phone-key-0001", kind_of="nameplate").status_code == 201
    file = StoredFile.objects.get()
    page = clerk.get(f"/orders/{order.number}/").content.decode()
    assert page.count(f"/files/{file.number}/look/") == 1 and url in page
    content = clerk.get(f"/files/{file.number}/")
    assert b"".join(content.streaming_content) == blobs.path_of(file.number).read_bytes()
    assert content["Content-Disposition"].startswith("attachment;") and content["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in content["Content-Security-Policy"] and content["Cache-Control"] == "private, no-cache"
    assert clerk.get(f"/files/{file.number}/", headers={"If-None-Match": content["ETag"]}).status_code == 304
    assert clerk.get(f"/files/{file.number}/thumb")["Content-Type"] == "image/jpeg"
    for path in ("", "thumb", "look/"):
        assert stranger.get(f"/files/{file.number}/{path}").status_code == 404
    assert send(stranger, url).status_code == 404
    assert send(clerk, "/files/of/secrets/1/").status_code == 404
    look = clerk.get(f"/files/{file.number}/look/").content.decode()
    assert order.number in look and "移除的原因" in look and "<html" in look
    assert "<html" not in clerk.get(f"/files/{file.number}/look/", headers=SCRIPT).content.decode()
    clerk.post(f"/files/{file.number}/describe", {"caption": "背面铭牌", "kind_of": "other"})
    assert "背面铭牌" in clerk.get(f"/orders/{order.number}/").content.decode()
    assert clerk.post(f"/files/{file.number}/remove", {"reason": ""}).status_code == 422
    assert clerk.post(f"/files/{file.number}/remove", {"reason": "拍错了"}).status_code == 303
    assert clerk.get(f"/files/{file.number}/").status_code == 404
    page = clerk.get(f"/orders/{order.number}/").content.decode()
    assert "移除附件 铭牌.jpg：拍错了" in page and f"/files/{file.number}/" not in page


def test_what_is_refused_is_told_under_the_tile_and_without_scripts(company):
    order, clerk = company.register(), company.client("clerk")
    url = f"/files/of/orders/{order.number}/"
    bad = SimpleUploadedFile("photo.jpg", b"<html><script>alert(1)</script>", "image/jpeg")
    answer = send(clerk, url, file=bad)
    assert answer.status_code == 422 and answer.json()["code"] == "file_type_refused"
    assert send(clerk, url, key="x").status_code == 422
    assert clerk.post(url, {}, headers=SCRIPT).status_code == 422
    files = [photo("a.jpg"), SimpleUploadedFile("b.svg", b"<svg/>"), photo("c.jpg", colour="#123")]
    answer = clerk.post(url, {"files": files, "idempotency_key": uuid.uuid4().hex})
    assert answer.status_code == 303 and StoredFile.objects.count() == 2
    assert "b.svg" in clerk.get(f"/orders/{order.number}/").content.decode()


def test_photos_of_a_reception_are_bound_when_it_is_registered_and_counted_on_the_receipt(company):
    clerk = company.client("clerk")
    numbers = []
    for colour in ("#111", "#999"):
        answer = send(clerk, "/files/loose/", file=photo(colour=colour), kind_of="appearance").content.decode()
        numbers += re.findall(r'name="files" value="(\w+)"', answer)
    assert len(numbers) == 2
    assert company.client("dispatcher").get(f"/files/{numbers[0]}/").status_code == 404
    form = {"q": "13900002222", "name": "赵敏", "phone": "13900002222", "kind": "repair", "mode": "bench", "channel": "counter",
            "appearance": "划痕", "files": numbers, "idempotency_key": uuid.uuid4().hex}
    refused = clerk.post("/desk/", form | {"limit_amount": "x", "product": "电饭煲", "fault": "不通电"})
    assert refused.status_code == 422 and numbers[1] in refused.content.decode()
    answer = clerk.post("/desk/", form | {"product": "电饭煲", "fault": "不通电"})
    assert answer.status_code == 303, answer.content.decode()[:500]
    receipt = clerk.get(answer["Location"]).content.decode()
    assert "外观 2 份" in receipt
    custody = Custody.objects.get()
    assert set(StoredFile.objects.filter(source_kind="custody.custody", source_id=custody.pk).values_list("number", flat=True)) == set(numbers)
    assert numbers[0] in clerk.get(f"/orders/{custody.source_number}/").content.decode()


def test_the_badge_shows_the_portrait_and_only_who_edits_people_sets_it(company):
    wang = company.people["wang"]
    manager = people.create_employee(number="M1", name="经理", branch=company.branch, **company.make)
    people.grant(manager, role=_role("manager"), branch=company.branch, **company.make)
    company.people["manager"] = manager
    url = f"/files/of/employees/{wang.number}/"
    assert send(company.client("clerk"), url).status_code == 403
    boss = company.client("manager")
    assert send(boss, url, kind_of="portrait").status_code == 201
    badge = boss.get(f"/employees/{wang.number}/badge/").content.decode()
    assert f"/files/{StoredFile.objects.get().number}/" in badge


def _role(code):
    from aftercare.domain.people import queries as staff
    from aftercare.foundation.access import Actor

    return next(role for role in staff.list_roles(Actor.system("test")) if role.code == code)


def test_the_api_takes_lists_hands_out_and_removes(company):
    order = company.register()
    _token, raw = people.make_token(company.people["wang"], name="t", scopes=["*"], actor=company.make["actor"], at=company.at)
    order = company.move(order, "dispatch", "dispatcher", engineer=company.people["wang"].pk)
    headers = {"Authorization": f"Bearer {raw}"}
    client = company.client("wang")
    client.logout()
    url = f"/api/v1/work-orders/{order.number}/files"

    def post(path, fields, key):
        return client.post(path, fields, headers={**headers, "Idempotency-Key": key})

    first = post(url, {"file": photo(), "kind": "fault", "caption": "E4"}, "K1")
    assert first.status_code == 201, first.content
    again = post(url, {"file": photo(), "kind": "fault", "caption": "E4"}, "K1")
    assert again.content == first.content and again["Idempotency-Replayed"] == "true"
    assert post(url, {"file": photo(colour="#00f"), "kind": "fault"}, "K1").json()["code"] == "idempotency_key_reused"
    assert post(url, {"file": SimpleUploadedFile("a.svg", b"<svg/>")}, "K2").json()["code"] == "file_type_refused"
    assert post(url, {}, "K3").status_code == 422
    assert client.post(url, "{}", content_type="application/json", headers={**headers, "Idempotency-Key": "K4"}).status_code == 415
    number = first.json()["number"]
    listed = client.get(url, headers=headers).json()["items"]
    assert [(f["number"], f["kind"], f["caption"], f["source_number"]) for f in listed] == [(number, "fault", "E4", order.number)]
    content = client.get(f"/api/v1/files/{number}/content", headers=headers)
    assert content["Content-Disposition"].startswith("attachment") and b"".join(content.streaming_content)[:2] == b"\xff\xd8"
    assert client.get(f"/api/v1/files/{number}/thumbnail", headers=headers)["Content-Type"] == "image/jpeg"
    assert {m["name"] for m in client.get(f"/api/v1/files/{number}", headers=headers).json()["moves"]} == {"describe", "remove"}
    loose = post("/api/v1/files", {"file": photo(colour="#f0f")}, "K5").json()["number"]

    def move(name, body, key):
        return client.post(f"/api/v1/files/{name}", json.dumps(body), content_type="application/json",
                           headers={**headers, "Idempotency-Key": key})

    bound = move(f"{loose}/bind", {"noun": "orders", "document": order.number}, "K6")
    assert bound.status_code == 200 and bound.json()["source_number"] == order.number, bound.content
    assert move(f"{loose}/describe", {"kind": "result"}, "K7").json()["kind"] == "result"
    assert move(f"{loose}/remove", {}, "K8").json()["code"] == "reason_missing"
    assert move(f"{loose}/remove", {"reason": "重复"}, "K9").json()["status"] == "removed"
    assert client.get(f"/api/v1/files/{loose}", headers=headers).status_code == 404
    assert client.get(url).status_code == 401


@pytest.mark.django_db(transaction=True)
def test_a_backup_carries_the_bytes(tmp_path, settings):
    company = cast.found()
    send(company.client("clerk"), f"/files/of/orders/{company.register().number}/")
    number = StoredFile.objects.get().number
    kept = blobs.path_of(number).read_bytes()
    media = tmp_path / "media"
    (media / "files" / number[:2] / ".half.part").write_bytes(b"x")
    with backup._archive.writing(tmp_path / "b.zip") as archive:
        backup._add_media(archive)
        archive.finish(product="x", engine="sqlite", made_at="", migrations=[])
    reader = backup._archive.Reader(tmp_path / "b.zip")
    reader.verify()
    assert sorted(reader.names("media/")) == sorted(f"media/files/{number[:2]}/{number}{end}" for end in ("", ".thumb"))
    blobs.drop(number, ".thumb")
    restore._restore_media(reader)
    assert blobs.path_of(number).read_bytes() == kept
