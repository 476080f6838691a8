"""`ita-xl mail --send` against a real mail server and its troubles; and that nobody ever gets a message twice."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest
from aiosmtpd.smtp import Envelope

from ita_xl.domain.codes import Code
from ita_xl.domain.findings import Unusable
from ita_xl.mail import delivery
from ita_xl.mail.addresses import Address
from ita_xl.mail.delivery import Fate, Post
from ita_xl.mail.message import Attachment
from ita_xl.mail.outbox import Outbox, State
from ita_xl.mail.server import PASSWORD, Security, Server, service_of
from tests.conftest import Ita, Result
from tests.mailed import NAME, a_book, message, parsed  # noqa: F401
from tests.post_office import HOST, USER, WORD, Place, a_place  # noqa: F401

A, B, C = (Address("", f"{name}@example.go.th", f"{name}@example.go.th") for name in "abc")


Send = Callable[..., Result]
"""`ita-xl mail --send` with further words."""


@pytest.fixture(name="send")
def a_sender(ita: Ita, book: bytes, tmp_path: Path) -> Send:
    """`ita-xl mail --send` with the sample, to a and b unless it is said otherwise."""
    path = tmp_path / NAME
    path.write_bytes(book)

    def send(*words: str, to: str = "a@example.go.th, b@example.go.th") -> Result:
        return ita("mail", path, "--to", to, "--send", "--yes", "--json", *words)

    return send


def content(envelope: Envelope) -> bytes:
    """What the server got."""
    assert isinstance(envelope.content, bytes)
    return envelope.content


def fates(done: Result) -> dict[str, str]:
    return {entry["to"][0]: entry["fate"] for entry in done.json["delivery"]}


def codes(done: Result) -> list[str]:
    return [f["code"] for f in done.json["findings"] if f["code"][1] == "8"]


def journal(place: Place) -> list[tuple[str, str]]:
    if not place.journal.exists():
        return []
    entries = [json.loads(line) for line in place.journal.read_text(encoding="utf-8").splitlines()]
    return [(entry["to"][0], entry["state"]) for entry in entries]


# ---- the usual ----


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_a_message_arrives_as_it_was_shown(send: Send, place: Place, book: bytes, security: str) -> None:
    with place.opened(security) as clerk:
        done = send("--cc", "c@example.go.th", "--published-only")
    assert (done.code, fates(done)) == (0, {"a": "sent", "b": "sent", "c": "sent"})
    (envelope,) = clerk.received
    assert sorted(envelope.rcpt_tos) == ["a@example.go.th", "b@example.go.th", "c@example.go.th"]
    mail = parsed(content(envelope))
    assert mail["Subject"] == done.json["subject"]
    assert (mail["To"], mail["Cc"], mail["From"]) == ("a@example.go.th, b@example.go.th", "c@example.go.th", USER)
    assert "X-Unsent" not in mail and "Bcc" not in mail
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "อบจ พิษณุโลก ปี 2565 (ฉบับเผยแพร่).xlsx"
    assert len(attached.get_content()) == done.json["attachments"][0]["bytes"]


def test_neither_the_message_nor_the_conversation_names_this_machine(send: Send, place: Place) -> None:
    with place.opened() as clerk:
        send()
    mail = parsed(content(clerk.received[0]))
    assert mail["Message-ID"].endswith("@example.go.th>")
    assert {session.host_name for session in clerk.sessions} == {"[127.0.0.1]"}
    head = content(clerk.received[0]).partition(b"\r\n\r\n")[0].decode()
    assert socket.gethostname() not in head and socket.getfqdn() not in head


def test_a_dry_run_does_everything_short_of_connecting(send: Send, place: Place) -> None:
    with place.opened() as clerk:
        done = send("--dry-run")
        assert (done.code, done.json["delivery"], clerk.sessions, journal(place)) == (0, [], [], [])
        send()
        assert codes(send("--dry-run")) == [Code.SENT_BEFORE, Code.SENT_BEFORE]
    assert len(clerk.received) == 1


def test_what_is_missing_for_sending_is_said_before(
    send: Send, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring, "get_password", lambda service, user: None)
    assert codes(send(to="")) == [Code.NO_RECIPIENT]
    assert send("--security", "none").code == 2, "no login without encryption"
    assert codes(send("--from", "somebody")) == [Code.ADDRESS_UNUSABLE]
    monkeypatch.delenv(PASSWORD)
    assert codes(send()) == [Code.NO_PASSWORD]
    monkeypatch.setenv("ITA_XL_SMTP_USER", "")
    assert codes(send()) == [Code.NO_SENDER]
    monkeypatch.delenv("ITA_XL_SMTP_HOST")
    assert send().code == 2
    assert send("--outlook").code == send("--draft", "x.eml").code == 2


class Ring(keyring.backend.KeyringBackend):
    """A keyring as an operating system has one."""

    priority = 1

    def __init__(self, held: dict[tuple[str, str], str]) -> None:
        self.held = held

    def get_password(self, service: str, username: str) -> str | None:
        if not self.held:
            raise keyring.errors.KeyringLocked
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise AssertionError("nothing is to be kept")


def test_the_password_may_be_in_the_systems_keyring(
    send: Send, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD)
    before = keyring.get_keyring()
    try:
        keyring.set_keyring(Ring({(service_of(HOST), USER): WORD}))
        with place.opened():
            assert fates(send()) == {"a": "sent", "b": "sent"}
        keyring.set_keyring(Ring({}))
        assert codes(send()) == [Code.NO_PASSWORD]
    finally:
        keyring.set_keyring(before)


# ---- a server that says no ----


def test_one_of_several_recipients_may_be_refused(send: Send, place: Place) -> None:
    place.clerk.replies = {"b@example.go.th": ["550 No such user"]}
    with place.opened() as clerk:
        done = send()
        assert (done.code, codes(done)) == (4, [Code.RECIPIENT_REFUSED])
        assert fates(done) == {"a": "sent", "b": "refused"}
        assert "No such user" in done.json["findings"][-1]["message"] or "No such user" in str(done.json)
        again = send(to="a@example.go.th, c@example.go.th")
    assert fates(again) == {"a": "already sent", "c": "sent"}
    assert clerk.recipients() == [["a@example.go.th"], ["c@example.go.th"]]


@pytest.mark.parametrize("point", ["MAIL", "a@example.go.th", "DATA", "END"])
def test_a_passing_no_is_tried_again(send: Send, place: Place, point: str) -> None:
    place.clerk.replies = {point: ["451 Come back", "421 Shutting down", "450 Busy"]}
    with place.opened() as clerk:
        done = send(to="a@example.go.th")
    assert (done.code, fates(done), clerk.recipients()) == (0, {"a": "sent"}, [["a@example.go.th"]])


def test_who_is_taken_at_once_does_not_wait_for_who_is_not(send: Send, place: Place) -> None:
    place.clerk.replies = {"b@example.go.th": ["451 Greylisted"]}
    with place.opened() as clerk:
        assert fates(send()) == {"a": "sent", "b": "sent"}
    assert clerk.recipients() == [["a@example.go.th"], ["b@example.go.th"]]


def test_attempts_come_to_an_end(send: Send, place: Place) -> None:
    place.clerk.replies = {"END": ["451 Later"] * 9}
    with place.opened() as clerk:
        done = send(to="a@example.go.th")
    assert (done.code, codes(done), fates(done)) == (4, [Code.RECIPIENT_DELAYED], {"a": "not accepted for now"})
    assert len(place.clerk.replies["END"]) == 9 - 1 - len(delivery.WAITS)
    assert clerk.received == []
    with place.opened():
        place.clerk.replies = {}
        assert fates(send(to="a@example.go.th")) == {"a": "sent"}, "it was never taken, so it may be sent"


@pytest.mark.parametrize("point", ["MAIL", "DATA", "END"])
def test_a_final_no_is_not_tried_again(send: Send, place: Place, point: str) -> None:
    place.clerk.replies = {point: ["554 We do not want this"]}
    with place.opened() as clerk:
        done = send()
    assert (done.code, codes(done)) == (4, [Code.RECIPIENT_REFUSED, Code.RECIPIENT_REFUSED])
    assert (clerk.received, place.clerk.replies[point]) == ([], [])


def test_an_answer_that_means_nothing_leaves_it_open(send: Send, place: Place) -> None:
    place.clerk.replies = {"END": ["299 Fine", "199 What"]}
    with place.opened() as clerk:
        assert fates(send(to="a@example.go.th")) == {"a": "sent"}
        place.clerk.received.clear()
        assert fates(send("--again", to="a@example.go.th")) == {"a": "not known"}
        assert codes(send(to="a@example.go.th")) == [Code.DELIVERY_UNKNOWN]
    assert clerk.received == []


def test_a_message_larger_than_the_server_takes_is_not_begun(send: Send, place: Place) -> None:
    with place.opened(data_size_limit=100_000) as clerk:
        done = send()
    assert (done.code, codes(done), clerk.received) == (
        4,
        [Code.MESSAGE_TOO_LARGE_FOR_SERVER, Code.MESSAGE_TOO_LARGE_FOR_SERVER],
        [],
    )


def test_a_wrong_password_is_told_once(send: Send, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD, "รหัสผ่านผิด")
    with place.opened() as clerk:
        assert (codes(send()), send().code) == ([Code.LOGIN_REFUSED], 4)
        monkeypatch.setenv(PASSWORD, "wrong")
        done = send()
    assert (done.code, codes(done), clerk.received) == (4, [Code.LOGIN_REFUSED], [])
    assert "wrong" not in done.out + done.err


# ---- a server that is not to be trusted ----


def test_an_expired_certificate_is_not_accepted(send: Send, place: Place) -> None:
    with place.opened(context=place.certificate(expired=True)) as clerk:
        assert (codes(send()), clerk.received) == ([Code.CERTIFICATE_EXPIRED], [])


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_authority_that_nobody_knows_is_not_accepted(send: Send, place: Place, security: str) -> None:
    import trustme

    place.trust(trustme.CA())
    with place.opened(security) as clerk:
        assert (codes(send()), clerk.received) == ([Code.CERTIFICATE_UNKNOWN], [])


def test_a_certificate_for_another_name_is_not_accepted(send: Send, place: Place) -> None:
    with place.opened(context=place.certificate("mail.example.go.th")) as clerk:
        assert (codes(send()), clerk.received) == ([Code.CERTIFICATE_WRONG], [])


def test_a_server_without_encryption_gets_neither_password_nor_message(
    send: Send, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.opened("none") as clerk:
        monkeypatch.setenv("ITA_XL_SMTP_USER", USER)
        for security in ("starttls", "tls"):
            monkeypatch.setenv("ITA_XL_SMTP_SECURITY", security)
            assert codes(send()) == [Code.SERVER_LACKS_SECURITY]
    assert clerk.received == []


# ---- no server, no connection ----


def test_no_server_and_no_network_are_told_at_once(
    send: Send, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.opened():
        pass  # and closed again
    monkeypatch.setattr(delivery, "WAITS", (60.0,))
    assert (codes(send()), send().code) == ([Code.SERVER_UNREACHABLE], 4)
    assert codes(send("--host", "no-such-host.invalid")) == [Code.SERVER_UNREACHABLE]
    assert journal(place) == []


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(place: Place, tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind((HOST, 0))
        silent.listen()
        server = Server(HOST, A, Security.STARTTLS, silent.getsockname()[1], timeout=0.2)
        with (
            Outbox(tmp_path / "o.jsonl") as outbox,
            Post(server, outbox) as post,
            pytest.raises(Unusable) as error,
        ):
            post.deliver(message())
    assert [f.code for f in error.value.findings] == [Code.SERVER_UNREACHABLE]


def test_a_connection_lost_within_the_message_is_tried_again(place: Place) -> None:
    place.clerk.lost = ["content", "content"]
    large = message(attachments=(Attachment("ก.xlsx", bytes(8_000_000)),))
    with (
        place.opened("none", data_size_limit=None) as clerk,
        Outbox() as outbox,
        Post(here(place), outbox) as post,
    ):
        assert [result.fate for result in post.deliver(large)] == [Fate.SENT]
    assert len(clerk.received) == 1
    assert journal(place) == [("a", "begun"), ("a", "sent")]


def test_a_connection_lost_before_the_answer_leaves_it_open_and_is_not_tried_again(
    send: Send, place: Place
) -> None:
    place.clerk.lost = ["answer"]
    with place.opened() as clerk:
        done = send(to="a@example.go.th")
        assert (done.code, codes(done), fates(done)) == (4, [Code.DELIVERY_UNKNOWN], {"a": "not known"})
        assert codes(send(to="a@example.go.th")) == [Code.DELIVERY_UNKNOWN]
        assert len(clerk.received) == 1
        assert fates(send("--again", to="a@example.go.th")) == {"a": "sent"}
        one, other = (message_from_bytes(content(envelope))["Message-ID"] for envelope in clerk.received)
    assert one == other, "a mail program can tell that it has it already"
    assert journal(place) == [("a", "begun"), ("a", "begun"), ("a", "sent")]


def test_a_server_that_hangs_up_between_messages_is_called_again(place: Place, tmp_path: Path) -> None:
    with place.opened("none", timeout=1.0) as clerk:
        import time

        with Outbox() as outbox, Post(here(place), outbox) as post:
            assert [r.fate for r in post.deliver(message())] == [Fate.SENT]
            time.sleep(1.3)
            assert [r.fate for r in post.deliver(message(subject="สอง"))] == [Fate.SENT]
    assert len(clerk.received) == 2


# ---- never twice ----


def test_a_repeat_sends_nothing_unless_it_is_asked_to(send: Send, place: Place) -> None:
    with place.opened() as clerk:
        send()
        done = send()
        assert (done.code, codes(done), fates(done)) == (
            0,
            [Code.SENT_BEFORE, Code.SENT_BEFORE],
            {"a": "already sent", "b": "already sent"},
        )
        assert len(clerk.received) == 1
        send("--again", to="b@example.go.th")
    assert clerk.recipients() == [["a@example.go.th", "b@example.go.th"], ["b@example.go.th"]]


@pytest.mark.parametrize("point", ["MAIL", "RCPT", "DATA", "END"])
def test_a_program_that_is_killed_never_sends_twice(
    send: Send, place: Place, book: bytes, tmp_path: Path, point: str
) -> None:
    (tmp_path / NAME).write_bytes(book)
    words = ["mail", str(tmp_path / NAME), "--to", "a@example.go.th", "--send", "--yes"]
    place.clerk.stops = point
    with place.opened() as clerk:
        program = subprocess.Popen([sys.executable, "-m", "ita_xl", *words], stderr=subprocess.DEVNULL)
        assert clerk.reached.wait(120)
        program.kill()
        program.wait()
        place.clerk.stops = ""
        clerk.going_on.set()
        repeated = send(to="a@example.go.th")
        if point == "END":
            assert (repeated.code, codes(repeated)) == (4, [Code.DELIVERY_UNKNOWN]), "it may have arrived"
        else:
            assert fates(repeated) == {"a": "sent"}
        assert len(clerk.received) == 1


def test_two_programs_do_not_send_at_the_same_time(send: Send, place: Place) -> None:
    with place.opened() as clerk, Outbox():
        assert (codes(send()), clerk.sessions) == ([Code.SENDING_ELSEWHERE], [])


def test_an_entry_that_was_being_written_when_the_program_died_does_not_count(tmp_path: Path) -> None:
    path = tmp_path / "o.jsonl"
    with Outbox(path) as outbox:
        outbox.note("m", [A, B], State.SENT)
    path.write_bytes(path.read_bytes()[:-9])
    with Outbox(path) as outbox:
        assert (bool(outbox.last("m", A)), outbox.last("m", B)) == (True, None)
        outbox.note("m", [B], State.BEGUN)
    with Outbox(path) as outbox:
        assert outbox.last("m", B).state is State.BEGUN  # type: ignore[union-attr]


def test_without_a_sound_journal_nothing_is_sent(send: Send, place: Place) -> None:
    place.journal.parent.mkdir()
    place.journal.write_text("[]\n")
    with place.opened() as clerk:
        assert codes(send()) == [Code.OUTBOX_DAMAGED]
        place.journal.unlink()
        place.journal.mkdir()
        assert send().code == 3
    assert clerk.sessions == []


# ---- many messages, as a batch sends them ----


def here(place: Place) -> Server:
    import os

    return Server(HOST, C, Security.NONE, int(os.environ["ITA_XL_SMTP_PORT"]), timeout=5)


def test_one_connection_carries_many_messages(place: Place) -> None:
    with place.opened("none") as clerk, Outbox() as outbox, Post(here(place), outbox) as post:
        for number in range(20):
            (result,) = post.deliver(message(subject=f"ที่ {number}"))
            assert result.fate is Fate.SENT
    assert len(clerk.received) == 20
    assert len(clerk.sessions) == 1


def test_messages_keep_their_distance(place: Place) -> None:
    import time

    with place.opened("none"), Outbox() as outbox, Post(here(place), outbox, pause=0.1) as post:
        started = time.monotonic()
        for number in range(4):
            post.deliver(message(subject=f"ที่ {number}"))
    assert time.monotonic() - started >= 0.3


def test_lines_that_begin_with_a_dot_arrive(place: Place) -> None:
    with place.opened("none") as clerk, Outbox() as outbox, Post(here(place), outbox) as post:
        post.deliver(message(body=".\n..\n.จุด\n", attachments=()))
    mail = parsed(content(clerk.received[0]))
    assert mail.get_content().replace("\r\n", "\n") == ".\n..\n.จุด\n"
