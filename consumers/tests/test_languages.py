"""A socket speaks the language of its tab, also where somebody else ends it."""

import pytest

WORDS = {
    "ru": ("Непонятное сообщение.", "Сервер перезапускается."),
    "en": ("This frame makes no sense.", "The server is restarting."),
}


@pytest.mark.parametrize("language", WORDS)
async def test_refusals_and_the_last_word(hub, open_tab, alice, language):
    refusal, last = WORDS[language]
    tab = await open_tab(alice, language=language)
    await tab.say("nonsense")
    assert (await tab.until("error"))["detail"] == refusal
    await hub.drain(seconds=0.1)
    assert await tab.ended() == 4012
    assert tab.heard[-1]["why"] == last


@pytest.mark.parametrize(("language", "word"), [("ru", "Слишком длинно"), ("en", "Too long")])
async def test_what_the_domain_refuses(open_tab, talk, bob, language, word):
    tab = await open_tab(bob, language=language)
    await tab.say("message.send", ref="1", conversation=talk.pk, content="x" * 4001)
    assert (await tab.until("error"))["detail"].startswith(word)


async def test_who_has_not_logged_in(open_tab):
    tab = await open_tab(None, language="en")
    assert await tab.ended() == 4401
    assert tab.heard[-1]["why"] == "You are not logged in."


@pytest.mark.parametrize(
    ("wished", "why"),
    [("en;q=0.4, ru;q=0.9", "Вы не вошли на сайт."), ("EN-us", "You are not logged in."), ("*", "Вы не вошли на сайт.")],
)
async def test_the_language_is_that_of_the_page(open_tab, wished, why):
    tab = await open_tab(None, language=wished)
    assert await tab.ended() == 4401
    assert tab.heard[-1]["why"] == why
