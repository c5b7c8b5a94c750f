"""The demo market's traders: names, faces, what they say of themselves and which games they sell."""

from typing import NamedTuple


class Person(NamedTuple):
    username: str
    first_name: str
    last_name: str
    face: str  # "face.tone.ground", or nothing: the initials stand for it
    bio: str
    games: tuple[str, ...]
    telegram: str = ""
    discord: str = ""
    phone: str = ""


SELLER, BUYER = "prodavec", "pokupatel"
PASSWORD = "lootlink-demo"  # noqa: S105  -- printed at start, meant to be known

PEOPLE = (
    Person(SELLER, "Павел", "Литвинов", "bear.amber.teal",
           "Играю в Lineage 2 с 2007 года, на «Авангарде» с открытия. Торгую тем, что выбиваю сам: мечи, адена, свитки.\n\n"
           "В сети с 18 до 23 по Москве, передаю из рук в руки.",
           ("lineage-2", "albion"), "pavel_lk", "pavel.lk", "+79161234567"),
    Person(BUYER, "Артём", "Вихрев", "fox.fire.violet",
           "Собираю мечи и всё, что на них похоже. Плачу сразу, отзывы оставляю всегда.",
           ("minecraft",), "artem_vihr", "artem.vihr", "+79265550143"),
    Person("northwind", "Егор", "", "cat.jade.navy", "Ножи и снайперки CS2. Осмотр, износ, история обменов — всё покажу.",
           ("cs2", "standoff-2"), "northwind_cs", "northwind"),
    Person("Ворон77", "Сергей", "Воронов", "owl.violet.slate", "Золото на «Гордунни» и «Свежевателе душ». Работаю с 2015 года.",
           ("wow", "allods"), "voron_gold"),
    Person("tihiy_les", "Никита", "", "", "Сферы и вещи Path of Exile, отвечаю в течение часа.", ("poe2", "poe"), "", "tihiy.les"),
    Person("Стрелок", "Денис", "Ким", "robot.steel.rust", "Обмены только через Steam. StatTrak и наклейки — моя слабость.",
           ("cs2", "warface"), "strelok_dk"),
    Person("MarinaPvP", "Марина", "", "frog.lime.green", "Albion и ArcheAge. Передаю в Карлеоне или в Мартлоке, как вам ближе.",
           ("albion", "archeage"), "", "marina_pvp"),
    Person("Лисичка_90", "Алиса", "Громова", "fox.rose.plum", "Аккаунты Genshin и Star Rail, все собирала сама, почта новая.",
           ("genshin", "star-rail"), "alisa_fox"),
    Person("kirill.d", "Кирилл", "", "", "Dota 2 с беты. Предметы, буст, разбор игр.", ("dota-2",), "kirill_dd", "kirill.d"),
    Person("Механик", "Олег", "Савельев", "robot.lime.brown", "Танки, корабли, самолёты. 15 лет в рандоме.",
           ("tanki", "korabli", "war-thunder"), "oleg_mehanik"),
    Person("zelevar", "Тимур", "", "ghost.violet.navy", "Зелья, еда, ресурсы: всё, что нужно на рейд.", ("albion", "wow"), "", "zelevar"),
    Person("Бастион", "Роман", "Белых", "bear.steel.green", "Diablo всех частей. Честные свойства на скриншотах.",
           ("diablo-4", "diablo-2"), "bastion_rb"),
    Person("drift_tema", "Артём", "", "", "Колёса, кузова, гонки.", ("rocket-league", "forza-5", "gta-online"), "", "drift.tema"),
    Person("Гром_Орда", "Илья", "", "owl.fire.brown", "За Орду! Рейды, ключи, арена.", ("wow",), "grom_orda"),
    Person("nox", "Никита", "Осипов", "cat.violet.slate", "", ("poe2", "last-epoch", "torchlight"), "", "nox_"),
    Person("Снежана", "Снежана", "", "ghost.azure.violet", "Ключи, скины и кейсы. Пишите, я добрая.", ("cs2", "valorant"), "snezha_na"),
    Person("karavan", "Рустам", "Агаев", "frog.jade.teal", "Серебро, юани, ISK: валюта больших миров.",
           ("black-desert", "perfect-world", "eve-online"), "karavan_shop"),
    Person("Дед_Мазай", "Виктор", "", "", "На пенсии, времени много. Прокачка и ресурсы по доброй цене.", ("tanki", "stalcraft", "war-thunder")),
    Person("pixelsmith", "Лев", "", "robot.violet.green", "Строю, копаю, продаю. Minecraft и Terraria.", ("minecraft", "terraria", "roblox"), "", "pixelsmith"),
    Person("Квазар", "Андрей", "Ли", "", "Карточные игры и MOBA, аккаунты с полным доступом.",
           ("hearthstone", "lol", "mtg-arena", "clash-royale"), "quasar_li"),
    Person("yoru", "Юлия", "", "cat.rose.navy", "Гача всех видов, UID-пополнения за десять минут.", ("genshin", "wuthering-waves", "star-rail"), "yoru_top"),
    Person("Тихон", "Тихон", "Рябов", "", "Warframe и Destiny, МР 30.", ("warframe", "destiny2"), "", "tihon_r"),
    Person("fastline", "Максим", "", "fox.azure.slate", "Буст без лишних слов.", ("dota-2", "lol", "apex", "valorant"), "fastline_boost"),
    Person("Белка_и_Стрелка", "Вера", "", "", "Мобильные игры: алмазы, гемы, аккаунты.", ("brawl-stars", "mobile-legends", "clash-of-clans"), "belka_strelka"),
    Person("harpoon", "Глеб", "Морозов", "owl.azure.teal", "Хожу по морям, вожу золото.", ("sea-of-thieves", "new-world", "ffxiv"), "", "harpoon"),
    Person("Сыч", "Данил", "", "", "Рейды Таркова, вайпы Rust. Ночью тоже на связи.", ("tarkov", "rust", "pubg"), "sych_raid"),
    Person("golden_boot", "Арсен", "", "frog.amber.rust", "Монеты FC и составы под вашу тактику.", ("fc-26",), "golden_boot"),
    Person("Аметист", "Злата", "Юрьева", "ghost.rose.plum", "Lost Ark и RuneScape. Самоцветы, золото, рейды.", ("lost-ark", "runescape"), "", "amethyst_z"),
    Person("Длинное_Имя_Из_Тридцати_Знаков", "Константин", "", "", "Да, имя и правда такое длинное.", ("cs2", "dota-2")),
    Person("tri_bogatyrya", "Илья", "Муромов", "bear.fire.navy", "Трое друзей, один аккаунт на площадке. WoW, Lineage, Аллоды.",
           ("wow", "lineage-2", "allods"), "tri_bogatyrya"),
)  # fmt: skip
