/** What stands instead of a value: a secret, or something about a person. */
export type Mask = '[secret]' | '[personal]';

/** Names beyond those that everyone knows, for example what a partner declares. */
export type MaskedFields = { secret?: readonly string[]; personal?: readonly string[] };

/** Both are matched against names in lower case without `-`, `_`, `.` and blanks. */
const SECRET =
  /(?:authorization|cookies?|secrets?|passwords?|passwd|passphrase|token|tokens|apikeys?|accesskeys?|privatekeys?|signingkeys?|credentials?|signatures?|databaseurl|sessionid)$|^(?:secret|password)|^(?:cvc2?|cvv2?|pan|pin|otp)$/;
const PERSONAL =
  /(?:e?mail|emails|emailaddress|phone|phones|phonenumber|telephone|mobile|msisdn|fax|birthdate|birthday|dateofbirth|ssn|taxid|iban|accountnumber|cardnumber|postalcode|postcode|zipcode|streetaddress)$|^(?:address|addresses|street|line1|line2|zip|dob|tel)$|(?:first|last|full|given|family|middle|maiden|nick|real|display|customer|contact|user|holder|cardholder|recipient|sender|billing|shipping)names?$/;

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_.\s]/g, '');

/** Names come from our own code and from errors, but whoever logs a partner's object must not fill the memory. */
const REMEMBERED = 2_000;

/** Tells for a field's name which mask its value gets, if any. */
export const maskOfName = ({ secret = [], personal = [] }: MaskedFields = {}): ((name: string) => Mask | undefined) => {
  const own = new Map<string, Mask>([...personal.map((name) => [plain(name), '[personal]'] as const), ...secret.map((name) => [plain(name), '[secret]'] as const)]);
  const known = new Map<string, Mask | undefined>();
  const decide = (name: string): Mask | undefined => {
    const simple = plain(name);
    return own.get(simple) ?? (SECRET.test(simple) ? '[secret]' : PERSONAL.test(simple) ? '[personal]' : undefined);
  };
  return (name) => {
    if (known.has(name)) return known.get(name);
    const mask = decide(name);
    if (known.size < REMEMBERED) known.set(name, mask);
    return mask;
  };
};
