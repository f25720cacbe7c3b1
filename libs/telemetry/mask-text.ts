/** Cheap: whether a text may hold anything that is to be masked. Nearly every text of a log line ends here. */
const SUSPECT =
  /[@?]|%40|:\/\/|secret|token|passw|passphrase|api[_-]?key|access[_-]?key|private[ _-]?key|signature|authoriz|credential|bearer |basic |\beyJ|[prs]k_|xox[a-z]-|xapp-|gh[a-z]_|glpat-|github_|whsec_|\bpat|\btl_|AKIA|AIza|\bSG\.|hooks\.slack|\d{4}[ -]?\d{4,6}[ -]?\d{4,5}|\+\d/i;

const SECRET_WORD = '[\\w.-]{0,40}(?:secret|token|password|passwd|passphrase|api[_-]?key|access[_-]?key|private[_-]?key|signature|authorization|credential)[\\w.-]{0,40}';

/** What credentials look like, by those who issue them; the last is ours. */
const KEY_SHAPES = [
  '[srp]k_(?:live|test)_\\w+',
  'whsec_[\\w+/=-]+',
  'xox[a-z]-[\\w-]+',
  'xapp-[\\w-]+',
  'gh[a-z]_\\w{6,}',
  'github_pat_\\w+',
  'glpat-[\\w-]{8,}',
  'pat[A-Za-z0-9]{14}\\.\\w{6,}',
  'AKIA[0-9A-Z]{12,}',
  'AIza[\\w-]{20,}',
  'SG\\.[\\w-]{10,}\\.[\\w-]{10,}',
  'eyJ[\\w-]{8,}\\.[\\w-]+(?:\\.[\\w-]*)?',
  'tl_[\\w-]{20,}',
].join('|');

type Rule = [pattern: RegExp, mask: string | ((found: string, ...groups: (string | undefined)[]) => string)];

/** In this order: what stands in a URL or behind a name goes as a whole, before any part of it is looked at. */
const RULES: Rule[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[secret]'],
  [/\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/-]+/g, '[secret]'],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/?#"'<>]*@/gi, '$1[secret]@'],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, '$1?[query]'],
  [/\?[\w.~%[\]-]+=[^\s"'<>]*/g, '?[query]'],
  [/\b(Bearer|Basic)(\s+)([\w.~+/=-]{6,})/gi, (found, scheme, gap, value) => (/[\d=_.~+/-]|[a-z][A-Z]/.test(value!) || value!.length >= 20 ? `${scheme}${gap}[secret]` : found)],
  [new RegExp(`(\\b${SECRET_WORD}=)("[^"]*"?|'[^']*'?|[^\\s,;&"']+)`, 'gi'), '$1[secret]'],
  [new RegExp(`("${SECRET_WORD}"\\s?:\\s?)("(?:[^"\\\\]|\\\\.)*"?|[^\\s,}\\]"]+)`, 'gi'), '$1"[secret]"'],
  [new RegExp(`(\\b${SECRET_WORD}:\\s?)((?=[^\\s,;&"']*\\d)[^\\s,;&"']{8,})`, 'gi'), '$1[secret]'],
  [new RegExp(`(?<![A-Za-z0-9])(?:${KEY_SHAPES})`, 'g'), '[secret]'],
  [/[\w.%+'\u00a1-\uffff-]{1,64}(?:@|%40)(?:[\w\u00a1-\uffff-]{1,63}\.){1,8}[a-z\u00a1-\uffff]{2,24}/gi, '[email]'],
  [/(?<!\w|\d\.)(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5})(?!\w|\.\d)/g, (found) => (isCard(found) ? '[card]' : found)],
  [/(?<![\w.+])\+\d[\d ().-]{6,18}\d(?![\w:])/g, '[phone]'],
];

/** The digits that card networks begin with, in their lengths, and the check digit of ISO/IEC 7812 (Luhn). */
const isCard = (found: string): boolean => {
  const digits = found.replaceAll(/\D/g, '');
  if (!/^(?:[3-6]\d{13,18}|4\d{12}|2[2-7]\d{14})$/.test(digits)) return false;
  let sum = 0;
  for (let at = digits.length - 1, twice = false; at >= 0; at -= 1, twice = !twice) {
    const digit = Number(digits[at]) * (twice ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
};

/** Longer texts are cut: what nobody reads need not be searched. */
const LONGEST = 8_192;

/** `a@b.co` */
const SHORTEST = 6;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** Short texts that were found to hold nothing: names of accounts, actions and routes come with every line. */
const innocent = new Set<string>();
const REMEMBERED = 1_000;
const SHORT = 64;

const isInnocent = (text: string): boolean => {
  if (text.length < SHORTEST || innocent.has(text) || (text.length === 36 && UUID.test(text))) return true;
  if (SUSPECT.test(text)) return false;
  if (text.length <= SHORT && innocent.size < REMEMBERED) innocent.add(text);
  return true;
};

/**
 * A text without what looks like a secret or personal data: bearer and basic credentials, the key shapes of partners and our own,
 * private keys, user info and queries of URLs, values behind names such as `token=`, e-mail addresses, card numbers, and phone
 * numbers with a country code. Gives back the same text when there is none. Longer than 8 kB is cut.
 */
export const maskText = (text: string): string => {
  let masked = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  if (isInnocent(masked)) return masked;
  for (const [pattern, mask] of RULES) masked = masked.replace(pattern, mask as string);
  return masked;
};
