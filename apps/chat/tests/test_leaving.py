"""A link in a talk leads over a page that reads its target from the message."""

import re


def links(page):
    return re.findall(r'<a href="([^"]+)" rel="ugc nofollow noopener noreferrer"', page.text)


def test_every_link_leads_to_its_own_target(client_of, talk, alice, bob):
    text = "https://one.example/ javascript:x https://a@evil.example/ (https://two.example/x)"
    message = talk.post(bob.pk, text)
    page = client_of(alice).get(f"/chat/conversation/{talk.pk}/")
    assert links(page) == [f"/chat/leave/{message.pk}/0/", f"/chat/leave/{message.pk}/1/"]
    for address, target in zip(links(page), ("https://one.example/", "https://two.example/x"), strict=True):
        leaving = client_of(alice).get(address)
        assert f'href="{target}"' in leaving.text
        assert f'href="/chat/conversation/{talk.pk}/"' in leaving.text


def test_only_the_two_of_the_talk_get_there(client_of, client, talk, alice, bob, charlie):
    message = talk.post(bob.pk, "https://one.example/")
    address = f"/chat/leave/{message.pk}/0/"
    assert [client_of(user).get(address).status_code for user in (alice, bob, charlie)] == [200, 200, 404]
    assert client.get(address).url == f"/accounts/login/?next={address}"
    for absent in (f"/chat/leave/{message.pk}/1/", f"/chat/leave/{message.pk + 1}/0/", f"/chat/leave/{2**70}/0/"):
        assert client_of(alice).get(absent).status_code == 404, absent


def test_the_words_round_a_link_are_warned_of(client_of, talk, alice, bob):
    plain, risky = (talk.post(bob.pk, text) for text in ("Вот https://one.example/", "Предоплата тут: https://one.example/"))
    pages = [client_of(alice).get(f"/chat/leave/{message.pk}/0/").text for message in (plain, risky)]
    assert ["data-risky" in page for page in pages] == [False, True]


def test_a_step_of_the_deal_has_no_links(client_of, talk, bob):
    step = talk.messages.create(sender=bob, kind="deal", content="create")
    assert client_of(bob).get(f"/chat/leave/{step.pk}/0/").status_code == 404
