/** Local time with its zone, in ISO 8601: `2026-01-31T14:25:01.123+01:00`. */
export function zonedTime(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const ahead = Math.abs(offset);
  const zone = `${twoDigits(Math.floor(ahead / 60))}:${twoDigits(ahead % 60)}`;
  return `${local}${offset < 0 ? '-' : '+'}${zone}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** The local time of day in a text of {@link zonedTime}: `14:25:01`. */
export function timeOfDay(zoned: string): string {
  return zoned.slice(11, 19);
}
