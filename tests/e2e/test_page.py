"""The local page in a real browser: type, see the answer arrive, press buttons, see both looks."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from bot import say
from bot.errors import TransientError
from tests.servers import free_port
from tests.talk import Talk, alert_message
from tests.waiting import LONG

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("playwright")]
WAIT_MS = 1000 * LONG


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
async def browser() -> AsyncIterator["Browser"]:
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        program = shutil.which("chromium")
        started = await playwright.chromium.launch(executable_path=program, timeout=WAIT_MS, args=["--no-sandbox"])
        yield started
        await started.close()


@pytest.fixture
async def page(browser: "Browser") -> AsyncIterator["Page"]:
    """A page whose script must not fail."""
    page = await browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(WAIT_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    assert [error for error in errors if "Failed to load resource" not in error] == []


async def visit(page: "Page", address: str) -> None:
    await page.goto(address)
    await page.wait_for_selector("#state.live")


async def test_the_latest_alert_is_in_sight_on_load_in_all_looks(talk: Talk, page: "Page") -> None:
    async with talk.page() as address:
        for number in range(30):
            await talk.post(f"m{number}", say.message(say.text(f"number {number}")))
        await talk.post("a1", alert=True)
        await visit(page, address)
        for place in ("li.alert h3", "#telegram .tg-bubble", "#slack"):
            found = page.locator(place).last
            assert "Potential troop deployment to Ukraine" in await found.inner_text()
            box = await found.bounding_box()
            assert box is not None
            assert 0 <= box["y"] < 900
        assert await page.locator("li.alert mark").inner_text() == "troops"


async def test_a_typed_command_is_answered_live(talk: Talk, page: "Page") -> None:
    async with talk.page() as address:
        await visit(page, address)
        await page.fill("#input", "/watch troops AND Ukraine")
        await page.press("#input", "Enter")
        await page.wait_for_selector("li.message >> text=You said watch troops AND Ukraine")
        assert await page.locator("li.said .bubble").all_text_contents() == ["You: watch troops AND Ukraine"]
        assert await page.input_value("#input") == ""
        await page.press("#input", "ArrowUp")
        assert await page.input_value("#input") == "/watch troops AND Ukraine"


@pytest.mark.parametrize("place", ["li.alert", "#telegram", "#slack"])
async def test_buttons_work_in_every_look(talk: Talk, page: "Page", place: str) -> None:
    async with talk.page() as address:
        await talk.post("a1", alert=True)
        await visit(page, address)
        link = page.locator(f"{place} a:has-text('Open')")
        assert await link.get_attribute("href") == "https://courier.example/a"
        assert await link.get_attribute("rel") == "noopener noreferrer"
        await page.click(f"{place} button:has-text('Why')")
        await page.wait_for_selector("li.message >> text=You said why alert:0a1b0a1b0a1b0a1b about a1")


async def test_an_edit_changes_the_message_in_its_place(talk: Talk, page: "Page") -> None:
    async with talk.page() as address:
        await talk.post("a1", alert=True)
        await talk.post("m1", say.message(say.text("later")))
        await visit(page, address)
        await talk.change("a1", alert_message(words="soldiers"))
        await page.wait_for_selector("li.alert mark:has-text('soldiers')")
        keys = await page.locator("#log li").evaluate_all("lines => lines.map(line => line.dataset.key)")
        assert keys == ["a1", "m1"]
        await page.wait_for_selector("#telegram >> text=soldiers")


async def test_new_messages_stay_in_sight_and_the_looks_follow(talk: Talk, page: "Page") -> None:
    async with talk.page() as address:
        await visit(page, address)
        for number in range(40):
            await talk.post(f"m{number}", say.message(say.text(f"number {number}")))
        last = page.locator("li.message").last
        await page.wait_for_selector("li.message >> text=number 39")
        box = await last.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 900
        assert await page.locator("#telegram").inner_text() == "number 39"
        await page.click("li[data-key='m35'] .bubble")
        await talk.post("m40", say.message(say.text("number 40")))
        await page.wait_for_selector("li.message >> text=number 40")
        assert await page.locator("#slack").inner_text() == "number 35"  # the reader chose it: it stays


async def test_a_page_that_lost_its_link_misses_nothing(talk: Talk, page: "Page") -> None:
    port = free_port()  # kept for it while it is away
    async with talk.page(port=port) as address:
        await talk.post("a1", alert=True)
        await visit(page, address)
    talk.chat = Talk().chat  # the service stops and starts anew, at the same address
    await page.wait_for_selector("#state:not(.live)")
    await talk.post("missed")
    async with talk.page(port=port):
        await page.wait_for_selector("#state.live")
        keys = await page.locator("#log li").evaluate_all("lines => lines.map(line => line.dataset.key)")
        assert keys == ["a1", "missed"]


async def test_hints_and_help_by_keyboard(talk: Talk, page: "Page") -> None:
    async with talk.page() as address:
        await visit(page, address)
        await page.focus("#input")
        await page.keyboard.type("w")
        assert len(await page.locator("#hints li").all()) == 2
        await page.keyboard.press("ArrowDown")
        assert await page.locator("#hints [aria-selected=true]").text_content() == "whywhy an alert came"
        await page.keyboard.press("ArrowUp")
        await page.keyboard.press("Tab")
        assert await page.input_value("#input") == "watch "
        assert await page.locator("#usage").inner_text() == "watch <rule> · alert me when new reports match"
        await page.click(".verb >> text=unwatch <number>")
        assert await page.input_value("#input") == "unwatch "


async def test_what_was_typed_is_kept_when_it_could_not_be_said(talk: Talk, page: "Page") -> None:
    async with talk.page() as address:
        await visit(page, address)
        talk.failure = TransientError("the disk is full")
        await page.fill("#input", "watch troops")
        await page.press("#input", "Enter")
        await page.wait_for_selector("#problem >> text=the disk is full")
        assert await page.input_value("#input") == "watch troops"


async def test_hostile_text_stays_text(talk: Talk, page: "Page") -> None:
    hostile = "</template></li><script>window.owned=1</script><img src=x onerror='window.owned=1'>"
    async with talk.page() as address:
        await talk.post("a1", alert_message(hostile, hostile), alert=True)
        await visit(page, address)
        await talk.post("a2", alert_message(hostile, hostile), alert=True)
        await page.wait_for_selector("li[data-key=a2]")
        await page.fill("#input", hostile)
        await page.press("#input", "Enter")
        await page.wait_for_selector("li.said")
        await asyncio.sleep(0.1)
        assert await page.evaluate("window.owned") is None
        assert await page.locator("#log img, #looks img, #log script").count() == 0
        assert await page.locator("li.said .bubble").text_content() == f"You: {hostile}"


async def test_a_foreign_page_in_the_same_browser_can_neither_read_nor_post(talk: Talk, browser: "Browser") -> None:
    other = Talk()
    async with talk.page() as address, other.page() as elsewhere:
        foreign = await browser.new_page()
        await foreign.goto(elsewhere.replace("127.0.0.1", "localhost") + "/health")
        tries = """async (address) => {
            const results = [];
            for (const [path, options] of [
                ["/health", {}], ["/events", {}], ["/", {mode: "no-cors"}],
                ["/say", {method: "POST", body: '{"text": "help"}', headers: {"Content-Type": "application/json"}}],
                ["/say", {method: "POST", body: '{"text": "help"}', mode: "no-cors"}],
            ]) {
                const asked = fetch(address + path, options);
                results.push(await asked.then((answer) => answer.type + answer.status, () => "refused"));
            }
            return results;
        }"""
        results = await foreign.evaluate(tries, address)
        assert all(re.fullmatch("refused|opaque0", result) for result in results), results
        assert talk.items == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (820, 1180), (1400, 900)])
async def test_nothing_sticks_out_sideways(talk: Talk, page: "Page", width: int, height: int) -> None:
    async with talk.page() as address:
        await talk.post("a1", alert_message("Long" * 60, "x" * 200), alert=True)
        await talk.post("m1", say.message(say.code("y" * 300)))
        await page.set_viewport_size({"width": width, "height": height})
        await visit(page, address)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        box = await page.locator("#input").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= height
