// Every <time> in the reader's zone, and ages that stay true.
import { word } from "./words.js";

const EVERY = 30_000; // ms
const MINUTE = 60_000; // ms
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const language = document.documentElement.lang;
const dated = language === "en" ? "en-GB" : language; // as the server writes dates: 23 November, 14:30

// Each formatter costs a phone milliseconds: it is made when a moment first asks for it.
const once = (make) => {
  let made;
  return () => (made ??= make());
};
const format = (options) => once(() => new Intl.DateTimeFormat(dated, options));
const clock = format({ hour: "2-digit", minute: "2-digit" });
const month = format({ month: "long", year: "numeric" });
const dayThisYear = format({ day: "numeric", month: "long" });
const dayOtherYear = format({ day: "numeric", month: "long", year: "numeric" });
const full = format({ dateStyle: "long", timeStyle: "short" });
const relative = once(() => new Intl.RelativeTimeFormat(language));
const named = once(() => new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
const length = (unit) => once(() => new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }));
const lengths = { minute: length("minute"), hour: length("hour"), day: length("day") };

const whole = (parts) => parts.replaceAll(" ", "\u00a0");

function day(moment) {
  const thisYear = moment.getFullYear() === new Date().getFullYear();
  return (thisYear ? dayThisYear : dayOtherYear)().format(moment);
}

/** Today and yesterday by name. */
function calendar(moment) {
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  const ago = Math.round((midnight(Date.now()) - midnight(moment)) / DAY);
  return ago === 0 || ago === 1 ? named().format(-ago, "day") : whole(day(moment));
}

function age(moment, say) {
  const passed = Date.now() - moment;
  if (passed < MINUTE) return word("just-now");
  if (passed < HOUR) return say(Math.floor(passed / MINUTE), "minute");
  if (passed < DAY) return say(Math.floor(passed / HOUR), "hour");
  if (passed < 7 * DAY) return say(Math.floor(passed / DAY), "day");
  return whole(day(moment));
}

const styles = {
  short: (moment) => age(moment, (count, unit) => whole(lengths[unit]().format(count))),
  ago: (moment) => age(moment, (count, unit) => relative().format(-count, unit)),
  clock: (moment) => clock().format(moment),
  day: (moment) => whole(day(moment)),
  calendar,
  date: (moment) => `${whole(day(moment))}, ${clock().format(moment)}`,
  month: (moment) => whole(month().format(moment)),
};

/** The text of one moment in one of the styles that templates know. */
export const said = (moment, style) => styles[style](moment);

export function localise(root) {
  for (const time of root.querySelectorAll("time[data-time][datetime]")) {
    const moment = new Date(time.dateTime);
    const text = said(moment, time.dataset.time);
    if (text !== time.textContent) time.textContent = text;
    if (time.title === "" && time.dataset.time !== "month") time.title = full().format(moment);
  }
}

localise(document);
setInterval(() => localise(document), EVERY);
