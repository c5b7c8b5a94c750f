"""Every screen: its name, who looks, the address, and what is done there first."""

from collections.abc import Callable
from dataclasses import dataclass

GUEST, SELLER, BUYER, NEW, STAFF = "guest", "prodavec", "pokupatel", "novichok", "moderator"
LONG = "Длинное_Имя_Из_Тридцати_Знаков"  # all that they sell is as long as it may be


@dataclass(frozen=True)
class Screen:
    name: str
    who: str
    path: str | Callable  # or what finds it, given a page of this trader
    act: Callable | None = None


def deal(status, own="my-sales", then=""):
    """The newest ordinary deal of this status in one's list, the step `then` of it."""

    def find(page):
        page.goto(f"/accounts/{own}/?status={status}")
        row = page.locator(f"[data-deal-status={status}]").filter(has_not_text=LONG).first
        return f"/transactions/purchase-request/{row.get_attribute('data-deal')}/{then}"

    return find


def talk(status):
    """The talk beside such a deal."""

    def find(page):
        page.goto(deal(status)(page))
        return page.locator("main a[href^='/chat/']").first.get_attribute("href")

    return find


def review(page):
    page.goto("/accounts/my-purchases/?status=completed")
    return page.locator("a[href^='/transactions/review/']").first.get_attribute("href")


def listing(status):
    def find(page):
        page.goto(f"/accounts/my-listings/?status={status}")
        return page.locator(f"[data-listing-status={status}] a[href^='/listing/']").first.get_attribute("href")

    return find


def other_listing(page):
    page.goto("/?search=Рассвет империи")
    return page.locator("main a[href^='/listing/']").first.get_attribute("href")


def overfull(then):
    """The listing, the talk or the deal in which all is as long as it may be."""

    def find(page):
        page.goto("/accounts/my-purchases/?status=accepted")
        page.locator(f"[data-deal]:has-text('{LONG}') a").first.click()
        place = {"deal": "", "talk": "main a[href^='/chat/']", "listing": "main .deal__title a"}[then]
        return page.locator(place).first.get_attribute("href") if place else page.url

    return find


def link(way):
    """Where the first link of a page leads: away from the site, over a page that warns."""

    def find(page):
        page.goto(way(page))
        return page.locator("main a[href*='/leave/']").first.get_attribute("href")

    return find


def with_link(page):
    page.goto("/?search=Карта сокровищ")
    return page.locator("main a[href^='/listing/']").first.get_attribute("href")


def long_talk_of_staff(page):
    page.goto(f"/staff/chat/conversation/?q={LONG}")
    return page.locator("#result_list tbody th a").first.get_attribute("href")


def edit(page):
    return f"{listing('active')(page)}edit/"


def delete(page):
    return f"{listing('active')(page)}delete/"


def ask(page):
    page.goto("/game/stalcraft/")
    number = page.locator("main [data-listing]").first.get_attribute("data-listing")
    return f"/transactions/purchase-request/{number}/create/"


def first_talk(page):
    """Nothing has been said in it."""
    page.goto("/game/stalcraft/")
    number = page.locator("main [data-listing]").first.get_attribute("data-listing")
    page.goto(f"/chat/start/{number}/")
    if page.locator("main form[action^='/chat/start/'] button").count():
        page.click("main form[action^='/chat/start/'] button")
    return page.url


def submit(**fields):
    """The page's form as these fields leave it."""

    def act(page):
        form = page.locator("main form[method=post]").first
        form.evaluate("form => form.noValidate = true")
        for name, value in fields.items():
            form.locator(f"[name={name}]").fill(value)
        form.locator("button:not([type=button])").last.click()
        page.wait_for_load_state()

    return act


def press(selector):
    """Where the width has it."""

    def act(page):
        for button in page.locator(selector).all():
            if button.is_visible():
                return button.click()

    return act


def open_bell(page):
    page.click("[data-bell]")
    page.wait_for_selector("#bell [data-refresh]")


def overflow(page):
    """More than a message may hold."""
    page.fill("[name=content]", "Очень длинное сообщение. " * 400)
    page.locator("[data-composer] button").last.click()
    page.wait_for_selector(".composer__error")


def lose_connection(page):
    page.context.set_offline(True)
    page.wait_for_selector("[data-connection][data-state=lost]")


def write_offline(page):
    lose_connection(page)
    page.fill("[name=content]", "Это сообщение уйдёт, когда вернётся связь.")
    page.locator("[data-composer] button").last.click()


SCREENS = [
    Screen("home", GUEST, "/"),
    Screen("home-trader", SELLER, "/"),
    Screen("home-search", GUEST, "/?search=мечи&max_price=20000&sort=price"),
    Screen("home-did-you-mean", GUEST, "/?search=керомбит"),
    Screen("home-nothing", GUEST, "/?search=абракадабра&min_price=5000"),
    Screen("home-wrong-parameters", GUEST, "/?min_price=много&game=777&sort=наугад"),
    Screen("home-filters", GUEST, "/", press("[popovertarget=filters-more]")),
    Screen("home-last-page", GUEST, "/?page=999"),
    Screen("game", GUEST, "/game/stalcraft/"),
    Screen("listing", GUEST, other_listing),
    Screen("listing-buyer", BUYER, other_listing),
    Screen("listing-own", SELLER, listing("active")),
    Screen("listing-reserved", SELLER, listing("reserved")),
    Screen("listing-sold", SELLER, listing("sold")),
    Screen("listing-overfull", BUYER, overfull("listing")),
    Screen("listing-create", SELLER, "/listing/create/"),
    Screen("listing-create-errors", SELLER, "/listing/create/", submit(title="", price="даром", description="")),
    Screen("listing-edit", SELLER, edit),
    Screen("listing-delete", SELLER, delete),
    Screen("request", NEW, ask),
    Screen("talks", SELLER, "/chat/"),
    Screen("talks-empty", NEW, "/chat/"),
    Screen("talk-pending", SELLER, talk("pending")),
    Screen("talk-accepted", SELLER, talk("accepted")),
    Screen("talk-completed", SELLER, talk("completed")),
    Screen("talk-deal-open", SELLER, talk("pending"), press("[data-deal-bar]")),
    Screen("talk-offline", SELLER, talk("accepted"), write_offline),
    Screen("talk-error", SELLER, talk("accepted"), overflow),
    Screen("talk-overfull", BUYER, overfull("talk")),
    Screen("deal-pending", SELLER, deal("pending")),
    Screen("deal-accepted", SELLER, deal("accepted")),
    Screen("deal-completed", SELLER, deal("completed")),
    Screen("deal-rejected", SELLER, deal("rejected")),
    Screen("deal-cancelled", SELLER, deal("cancelled")),
    Screen("deal-buyer", BUYER, deal("accepted", "my-purchases")),
    Screen("deal-accept", SELLER, deal("pending", then="accept/")),
    Screen("deal-reject", SELLER, deal("pending", then="reject/")),
    Screen("deal-complete", SELLER, deal("accepted", then="complete/")),
    Screen("deal-cancel", BUYER, deal("accepted", "my-purchases", "cancel/")),
    Screen("deal-overfull", BUYER, overfull("deal")),
    Screen("review", BUYER, review),
    Screen("review-errors", BUYER, review, submit(comment="")),
    Screen("my-listings", SELLER, "/accounts/my-listings/"),
    Screen("my-listings-empty", NEW, "/accounts/my-listings/"),
    Screen("my-sales", SELLER, "/accounts/my-sales/"),
    Screen("my-sales-filtered", SELLER, "/accounts/my-sales/?status=completed"),
    Screen("my-sales-empty", NEW, "/accounts/my-sales/"),
    Screen("my-purchases", BUYER, "/accounts/my-purchases/"),
    Screen("my-purchases-empty", NEW, "/accounts/my-purchases/"),
    Screen("profile", BUYER, "/accounts/profile/prodavec/"),
    Screen("profile-empty", GUEST, "/accounts/profile/novichok/"),
    Screen("profile-edit", SELLER, "/accounts/profile-edit/"),
    Screen("profile-edit-errors", SELLER, "/accounts/profile-edit/", submit(phone="позвони мне", telegram="@")),
    Screen("notifications", SELLER, "/notifications/"),
    Screen("notifications-empty", NEW, "/notifications/"),
    Screen("menu", SELLER, "/", press("[popovertarget=user-menu]")),
    Screen("bell", SELLER, "/", open_bell),
    Screen("bell-empty", NEW, "/", open_bell),
    Screen("no-connection", SELLER, "/", lose_connection),
    Screen("login", GUEST, "/accounts/login/"),
    Screen("login-errors", GUEST, "/accounts/login/", submit(username="prodavec", password="наугад")),
    Screen("register", GUEST, "/accounts/register/"),
    Screen(
        "register-errors", GUEST, "/accounts/register/", submit(username="prodavec", email="@", password1="1234", password2="12")
    ),
    Screen("password-reset", GUEST, "/accounts/password-reset/"),
    Screen("password-reset-sent", GUEST, "/accounts/password-reset/sent/"),
    Screen("password-reset-expired", GUEST, "/accounts/password-reset/1/a-b/"),
    Screen("password-change", SELLER, "/accounts/password-change/"),
    Screen("email-expired", GUEST, "/accounts/email/nothing/"),
    Screen("leave", GUEST, link(with_link)),
    Screen("leave-risky", BUYER, link(overfull("talk"))),
    Screen("error-403", BUYER, lambda page: f"{other_listing(page)}edit/"),
    Screen("error-404", GUEST, "/nothing/here/"),
    # Last of the newcomer's: until then their list of talks is empty.
    Screen("talk-empty", NEW, first_talk),
    Screen("error-404-trader", SELLER, "/listing/999999/"),
    Screen("error-500", GUEST, "/500"),
    Screen("error-503", GUEST, "/503"),
    Screen("admin", STAFF, "/staff/"),
    Screen("admin-users", STAFF, "/staff/accounts/customuser/"),
    Screen("admin-user", STAFF, "/staff/accounts/customuser/1/change/"),
    Screen("admin-log", STAFF, "/staff/admin/logentry/"),
    Screen("admin-listings", STAFF, "/staff/listings/listing/"),
    Screen("admin-deals", STAFF, "/staff/transactions/purchaserequest/"),
    Screen("admin-deal", STAFF, "/staff/transactions/purchaserequest/1/change/"),
    Screen("admin-talk", STAFF, "/staff/chat/conversation/1/change/"),
    Screen("admin-talk-long", STAFF, long_talk_of_staff),
]
# Addresses that the gallery answers itself: these pages are drawn without a request.
BARE = [500, 503]
