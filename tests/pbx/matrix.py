"""What the matrix plays: one act a verb, and the words that the page says of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lab.ami import Message
from lab.hearing import MIXED, hears, loud_seconds
from lab.office import MAIN_NUMBER
from lab.outside import plays
from lab.waiting import until
from pbxd.agents.model import DeviceKind
from pbxd.ami.events import DeviceState
from pbxd.supervise.model import Mode
from tests.pbx.stage import CALLER, SECOND, A, B, C, D, Stage, hears_music
from tests.pbx.verbs import hears_more

Run = Callable[[Stage], Awaitable[None]]
DESK, BROWSER, OUT = "desk phone", "browser phone", "outgoing"


async def answer(stage: Stage) -> None:
    await stage.ring()
    if stage.at_desk:
        await stage.press("answer")
        await stage.phone.wait_established()
        assert stage.phone.answered_by == "talk"
    else:
        await stage.phone.answer()  # the page does it, by SIP
    await stage.together()
    await stage.phone.hang_up()


async def hang_up(stage: Stage) -> None:
    await stage.talk()
    await stage.press("hang_up")
    await stage.phone.wait_idle()


async def hold(stage: Stage) -> None:
    await stage.talk()
    if stage.at_desk:
        await stage.press("hold", on=True)
    else:
        await stage.phone.hold()  # the page does it, by SIP
    await until(lambda: stage.phone.held == [True], "the phone holds")
    silence = loud_seconds(stage.phone.heard)
    await hears_music(stage.heard)
    assert loud_seconds(stage.phone.heard) < silence + 0.3, "the agent hears nothing"
    if stage.at_desk:
        await stage.press("hold", on=False)
    else:
        await stage.phone.resume()
    await stage.together()
    await stage.phone.hang_up()


async def mute(stage: Stage) -> None:
    await stage.talk()
    await stage.press("mute", on=True)
    quiet = hears(stage.heard, A)
    await hears_more(stage.phone, C, 1.5)
    assert hears(stage.heard, A) < quiet + 0.5
    await stage.press("mute", on=False)
    await stage.together()
    await stage.phone.hang_up()


async def keypad(stage: Stage) -> None:
    await stage.talk()
    keys: list[str] = []

    def take(event: Message) -> None:
        # not DTMFEnd: Asterisk tells the end of a key twice when it came close behind another
        if event.get("Event") == "DTMFBegin" and event["Direction"] == "Received":
            keys.append(event["Digit"])

    network = await stage.city.ami()
    network.listen(take)
    await stage.press("keys", "12#")
    await until(lambda: keys == list("12#"), "the other side's machine hears the keys")
    await stage.phone.dtmf("90*")
    await until(lambda: keys == list("12#90*"), "and those pressed at the phone")
    await stage.together()
    assert keys == list("12#90*")
    network.close()
    await stage.phone.hang_up()


async def swap(stage: Stage) -> None:
    await stage.talk()
    second = await stage.city.call(MAIN_NUMBER, SECOND, audio=D)
    stage.records = 2
    await stage.phone.wait_ringing()
    await until(lambda: len(stage.desk.daemon.live.calls()) == 2, "both calls are seen")
    keys = [call.key for call in stage.desk.daemon.live.calls()]
    (other,) = [key for key in keys if key != stage.key]
    desk = stage.desk.daemon.desk
    await stage.rings(other)
    if stage.at_desk:
        assert (await stage.desk.press(desk.answer, "101", key=other)).ok
    else:
        await stage.phone.answer()
    await stage.colleague.wait_idle()
    await until(lambda: stage.phone.held == [True, False], "the first one waits")
    await hears_more(stage.phone, D, 0.3)
    await hears_music(stage.heard)
    if stage.at_desk:
        assert (await stage.desk.press(desk.hold, "101", key=other, on=True)).ok
        await stage.press("hold", on=False)
    else:
        await stage.phone.resume(0)
    await until(lambda: stage.phone.held == [False, True], "the second one waits")
    await hears_more(stage.phone, C)
    await hears_more(stage.heard, A)
    await second.hang_up()
    await until(lambda: stage.phone.held == [False], "the first one is there still")
    await stage.phone.hang_up()


async def pick_up(stage: Stage) -> None:
    ami = await stage.office.ami()
    await ami.action("DBPut", Family="pbxd/did", Key=MAIN_NUMBER, Val="ext:102")
    try:
        stage.call = await stage.city.call(MAIN_NUMBER, CALLER, audio=C)
        await stage.colleague.wait_ringing()
        assert stage.phone.state == "idle"
        stage.key = (await stage.desk.call()).key
        await stage.rings(stage.key, "102")
        await stage.press("pick_up")
        await stage.phone.wait_established()
        assert stage.phone.answered_by == "header"
        await stage.together()
    finally:
        await ami.action("DBDel", Family="pbxd/did", Key=MAIN_NUMBER)
        ami.close()
    await stage.phone.hang_up()


async def transfer(stage: Stage) -> None:
    await stage.talk()
    await stage.press("transfer", "102")
    await stage.phone.wait_idle()
    await stage.colleague_answers()
    await stage.desk.until_talks("102", stage.number)
    await hears_more(stage.heard, B)
    await hears_more(stage.colleague, C)
    await stage.colleague.hang_up()


async def transfer_declined(stage: Stage) -> None:
    await stage.talk()
    await stage.press("transfer", "102")
    await stage.colleague.wait_ringing()
    await stage.colleague.refuse()
    await stage.phone.wait_ringing()
    await stage.phone.answer()
    await stage.together()
    await stage.phone.hang_up()


async def transfer_busy(stage: Stage) -> None:
    await stage.talk()
    await stage.colleague.stop()
    busy = await stage.desk_phone("102", B)
    busy.lines = 1
    await busy.dial(plays(D))
    stage.records = 2
    await busy.wait_established()
    await stage.press("transfer", "102")
    await stage.phone.wait_ringing(10)
    await stage.phone.answer()
    await stage.together()
    await hears_more(busy, D)
    await stage.phone.hang_up()
    await busy.hang_up()


async def transfer_offline(stage: Stage) -> None:
    await stage.talk()
    await stage.colleague.stop()
    agents = stage.desk.daemon.agents
    await until(
        lambda: agents.device_state("102", DeviceKind.DESK) is DeviceState.UNAVAILABLE,
        "the phone is known to be off",
    )
    result = await stage.try_press("transfer", "102")
    assert result.reason_id == "colleague-offline"
    await stage.together()
    await stage.phone.hang_up()


async def asked(stage: Stage) -> None:
    await stage.talk()
    await stage.press("consult", "102")
    await stage.colleague_answers()
    await stage.desk.until_talks("101", "102")
    await hears_more(stage.phone, B)
    await hears_more(stage.colleague, A)


async def hand_over(stage: Stage) -> None:
    await asked(stage)
    await hears_music(stage.heard)
    await stage.press("complete")
    await stage.phone.wait_idle()
    await stage.desk.until_talks("102", stage.number)
    await hears_more(stage.heard, B)
    await stage.colleague.hang_up()


async def back(stage: Stage) -> None:
    await asked(stage)
    await stage.press("back")
    await stage.together()
    await stage.phone.hang_up()


async def merge(stage: Stage) -> None:
    await asked(stage)
    await stage.press("merge")
    for who, tones in ((stage.heard, (A, B)), (stage.colleague, (A, C)), (stage.phone, (B, C))):
        for tone in tones:
            await hears_more(who, tone, 0.3, share=MIXED)
    await stage.phone.hang_up()
    await hears_more(stage.heard, B)
    await stage.colleague.hang_up()


async def supervise(stage: Stage) -> None:
    await stage.talk()
    boss = stage.desk.agents["103"]
    phone = await stage.desk_phone("103", D)  # not before: it would ring with the others
    supervision = stage.desk.daemon.supervision
    agents = stage.desk.daemon.agents
    await until(
        lambda: agents.device_state("103", DeviceKind.DESK) is DeviceState.NOT_INUSE,
        "the phone is known to be there",
    )
    assert (await supervision.start(boss, stage.key, "101", Mode.LISTEN)).ok
    await phone.wait_established()  # it answers by itself
    for tone in (A, C):
        await hears_more(phone, tone, 0.3, share=MIXED)
    assert hears(stage.phone.heard, D, MIXED) < 0.2, "nobody hears who listens"
    assert (await supervision.start(boss, stage.key, "101", Mode.WHISPER)).ok
    await hears_more(stage.phone, D, 0.3, share=MIXED)
    assert hears(stage.heard, D, MIXED) < 0.2, "the customer hears no whisper"
    assert (await supervision.start(boss, stage.key, "101", Mode.BARGE)).ok
    await hears_more(stage.heard, D, 0.3, share=MIXED)
    await hears_more(stage.phone, D, 0.3, share=MIXED)
    await stage.phone.hang_up()
    await phone.wait_idle()


async def reloaded(stage: Stage) -> None:
    await stage.talk()
    rescue = stage.desk.daemon.desk.rescue
    rescue.phone_is(stage.me.id, "page-1")
    rescue.page("page-1", True)
    await stage.phone.unregister()  # as the end of a page's WebSocket does
    stage.phone.cut_power()
    rescue.page("page-1", False)
    await hears_music(stage.heard)
    stage.phone = await stage.browser_phone()
    rescue.page("page-2", True)
    rescue.phone_is(stage.me.id, "page-2")
    await stage.phone.wait_established(15)
    assert stage.phone.answered_by == "header"
    await stage.together()
    await stage.phone.hang_up()


async def abuse(stage: Stage) -> None:
    await stage.talk()
    said = stage.city.folder.parents[1] / "usr/share/asterisk/sounds/ko/pbxd/block-abuse.wav"
    loud, voice = loud_seconds(stage.heard), hears(stage.heard, A)
    result = await stage.desk.daemon.abuse.block(stage.me, stage.key, "abuse")
    assert result.ok, result
    await stage.phone.wait_idle()
    await until(lambda: not stage.desk.daemon.live.calls(), "the announcement ends", 20)
    if stage.call:
        assert await stage.call.wait_ended() == 16
    # the agent's tone goes on for a moment after the button
    heard = loud_seconds(stage.heard) - loud - (hears(stage.heard, A) - voice)
    assert abs(heard - loud_seconds(said)) < 0.4, "heard from its beginning to its end"


@dataclass(frozen=True)
class Verb:
    """A row of the page; the words are what `run` asserts.

    `not_for`: a phone or way (or both: "desk phone, outgoing") → why it is not there.
    """

    name: str
    run: Run
    state: str
    happens: str
    is_heard: str
    not_for: tuple[tuple[str, str], ...] = ()
    recorded: str = "one record: answered, by 101"

    def __str__(self) -> str:
        """The test's name."""
        return self.name

    def applies(self, kind: str, way: str) -> bool:
        """It can be tried with that phone, that way."""
        return not any(set(what.split(", ")) <= {kind, way} for what, _ in self.not_for)

    @property
    def tried(self) -> str:
        """What the page says of it."""
        return "".join(f"; {what}: n/a, because {why}" for what, why in self.not_for)[2:] or "all"


TALK = "agent and customer talk; colleague free"
VERBS = (
    Verb("Answer", answer, "rings: the line at agent and colleague; or the agent's own click",
         "Agent and customer talk; the colleague's phone falls silent.",
         "Agent and customer hear each other.",
         ((f"{BROWSER}, {OUT}", "a page answers its own click by itself"),)),
    Verb("Hang up", hang_up, TALK, "Both lines are free.", "Until then each hears the other."),
    Verb("Hold, resume", hold, TALK, "The customer waits, then both talk.",
         "The customer hears music and not the agent, the agent nothing; then each the other."),
    Verb("Mute", mute, TALK, "They stay joined.",
         "The agent hears the customer and is not heard; then each hears the other."),
    Verb("Keypad", keypad, TALK, "They stay joined.",
         "The customer's side gets the keys, from the screen and from the phone."),
    Verb("Second call, swap", swap, "agent and customer talk; another customer calls in",
         "The first waits, then the second; each is there still.",
         "The agent hears the second, then the first again; who waits hears music.",
         recorded="two records: each answered, by 101"),
    Verb("Pick up", pick_up, "rings at the colleague only",
         "Agent and customer talk; the colleague's phone falls silent.",
         "Agent and customer hear each other.",
         ((OUT, "a call that the agent makes rings at no colleague's phone"),)),
    Verb("Transfer, answered", transfer, TALK,
         "The agent is free; the colleague has the customer.",
         "Customer and colleague hear each other."),
    Verb("Transfer, declined", transfer_declined, "agent and customer talk; colleague declines",
         "The agent's phone rings again; the customer is still there.",
         "Customer and agent hear each other again."),
    Verb("Transfer, busy", transfer_busy, "agent and customer talk; colleague in another call",
         "The agent's phone rings again; the colleague's call is not disturbed.",
         "Customer and agent hear each other again.",
         recorded="two records: the colleague's, and one answered, by 101"),
    Verb("Transfer, offline", transfer_offline, "agent and customer talk; colleague's phone off",
         "The button says why; nothing changes.", "Customer and agent go on hearing each other."),
    Verb("Ask first, hand over", hand_over, TALK,
         "The agent is free; the colleague has the customer.",
         "Agent and colleague each other and the customer music; then customer and colleague."),
    Verb("Ask first, back", back, TALK,
         "The colleague is free; the agent has the customer.",
         "Agent and colleague each other, then customer and agent."),
    Verb("Ask first, merge", merge, TALK,
         "All three; the agent leaves and the others go on.",
         "Each hears both others; then customer and colleague each other."),
    Verb("Supervisor listens, whispers, barges in", supervise,
         "agent and customer talk; supervisor free",
         "The supervisor's phone answers by itself and ends with the call.",
         "Listening: he hears both, nobody him. Whispering: the agent alone hears him. Then both."),
    Verb("Page reloaded or closed", reloaded, TALK,
         "As soon as the page is back it is in the call again by itself.",
         "The customer hears music meanwhile; then each the other.",
         ((DESK, "it has no page"),)),
    Verb("Block abuse", abuse, TALK,
         "The agent is free at once; the customer is hung up behind the announcement.",
         "The customer hears the announcement to its end."),
)  # fmt: skip
