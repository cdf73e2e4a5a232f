import { findStrayBrackets } from './find-stray-brackets.ts';
import { findTaskEnd } from './find-task-end.ts';

/**
 * Cuts the members of a dump's sections out of its bytes: `{"task": {"1": {…}, "2": {…}}, "project": {…}}` gives
 * (task, 1, bytes), (task, 2, bytes) … The file is one line of a gigabyte, so nothing but the member in hand is held;
 * strings are told from structure by bytes, and values are not looked into.
 */
export interface Member {
  readonly section: string;
  readonly key: string;
  /** Valid until the next call. */
  readonly value: Buffer;
  /** Of the value's first byte in the file. */
  readonly offset: number;
}

/** What is wrong with the file as a whole, and where. */
export class CutFailure extends Error {
  override readonly name = 'CutFailure';
  readonly offset: number;
  readonly truncated: boolean;

  constructor(message: string, offset: number, truncated: boolean) {
    super(message);
    this.offset = offset;
    this.truncated = truncated;
  }
}

export interface CutterOptions {
  readonly onMember: (member: Member) => void;
  /** A member that is no value of its own: it was cut off at the start of the next one. */
  readonly onDamage: (member: Omit<Member, 'value'>, reason: string) => void;
  /** A longer member is damaged: a quotation mark that is missing would swallow the rest of the file. */
  readonly maxMemberBytes?: number;
}

type State =
  | 'start'
  | 'section-or-end'
  | 'section-colon'
  | 'section-value'
  | 'member-or-end'
  | 'member-colon'
  | 'member-value'
  | 'done';

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
/**
 * No task holds `}, "123": {"` or `}}, "project":` at any depth: inside of texts quotation marks have a backslash before
 * them.
 */
const nextTask = /\}\s*(?:,\s*"\d{1,15}"\s*:\s*\{\s*"|\}\s*,\s*"project"\s*:)/g;

export class MemberCutter {
  readonly #options: CutterOptions;
  readonly #maxMemberBytes: number;
  /** Where the bytes are kept; `#buffer` is the part of it in use. */
  #storage: Buffer = Buffer.alloc(4 * 1024 * 1024);
  #buffer: Buffer = this.#storage.subarray(0, 0);
  /** Position in the file of the buffer's first byte. */
  #base = 0;
  #at = 0;
  #state: State = 'start';
  #section = '';
  #key = '';
  /** Where the value in hand begins in the buffer, how deep it is nested, whether a string is open. */
  #valueStart = -1;
  #depth = 0;
  #inString = false;
  #isAllFed = false;
  /** How the member in hand was cut, and whether the next one must be cut by its structure. */
  #isCutAtNext = false;
  #byStructure = false;

  constructor(options: CutterOptions) {
    this.#options = options;
    this.#maxMemberBytes = options.maxMemberBytes ?? 64 * 1024 * 1024;
  }

  /** Takes the next bytes, which it copies, and hands out every member that they complete. */
  feed(chunk: Buffer): void {
    const keepFrom = this.#valueStart >= 0 ? this.#valueStart : this.#at;
    const rest = this.#buffer.subarray(keepFrom);
    const length = rest.length + chunk.length;
    const storage = length <= this.#storage.length ? this.#storage : Buffer.alloc(length * 2);
    rest.copy(storage);
    chunk.copy(storage, rest.length);
    this.#storage = storage;
    this.#buffer = storage.subarray(0, length);
    this.#base += keepFrom;
    this.#at -= keepFrom;
    if (this.#valueStart >= 0) this.#valueStart = 0;
    this.#scan();
  }

  /** @throws CutFailure if the file ended in the middle */
  end(): void {
    this.#isAllFed = true;
    this.#scan();
    while (this.#state === 'member-value' && this.#valueStart >= 0) {
      if (!this.#resynchronise('its end is missing')) break;
      this.#scan();
    }
    if (this.#state === 'done') return;
    const within = this.#key === '' ? '' : `, last in ${this.#section} ${this.#key}`;
    const size = this.#base + this.#buffer.length;
    throw new CutFailure(`it ends after ${size} bytes in the middle${within}`, size, true);
  }

  #scan(): void {
    for (;;) {
      if (this.#state === 'member-value') {
        if (!this.#scanValue()) return;
      } else if (!this.#scanFrame()) return;
    }
  }

  /** One token of the two outer levels. @returns false when more bytes are needed */
  #scanFrame(): boolean {
    const byte = this.#nextByte();
    if (byte === undefined) return false;
    switch (this.#state) {
      case 'start':
        if (byte !== openBrace) this.#fail('it does not begin with {');
        this.#at += 1;
        this.#state = 'section-or-end';
        return true;
      case 'section-or-end':
        if (byte === closeBrace) this.#state = 'done';
        else if (byte === quote) return this.#readKey('section-colon');
        else if (byte !== comma) this.#fail('a section is expected');
        this.#at += 1;
        return true;
      case 'section-colon':
      case 'member-colon':
        if (byte !== colon) this.#fail('a colon is expected');
        this.#at += 1;
        this.#state = this.#state === 'section-colon' ? 'section-value' : 'member-value';
        return true;
      case 'section-value':
        if (byte !== openBrace) this.#fail(`the section ${JSON.stringify(this.#section)} is no object`);
        this.#at += 1;
        this.#key = '';
        this.#state = 'member-or-end';
        return true;
      case 'member-or-end':
        if (byte === closeBrace) this.#state = 'section-or-end';
        else if (byte === quote) return this.#readKey('member-colon');
        else if (byte !== comma) this.#fail('a member is expected');
        this.#at += 1;
        return true;
      default:
        return this.#fail('something follows its end');
    }
  }

  #nextByte(): number | undefined {
    const buffer = this.#buffer;
    for (; this.#at < buffer.length; this.#at += 1) {
      const byte = buffer[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
    }
    return undefined;
  }

  #readKey(next: State): boolean {
    const end = this.#buffer.indexOf(quote, this.#at + 1);
    if (end < 0 && this.#buffer.length - this.#at < 200) return false;
    if (end < 0 || end - this.#at > 200) this.#fail('a name has no end');
    const key = this.#buffer.toString('latin1', this.#at + 1, end);
    if (next === 'section-colon') {
      // A bracket too many has closed the section: what follows are tasks, and none may pass unseen.
      if (/^\d+$/.test(key)) this.#fail(`there is a bracket too many before task ${key}`);
      this.#section = key;
    } else this.#key = key;
    this.#at = end + 1;
    this.#state = next;
    return true;
  }

  #scanValue(): boolean {
    const buffer = this.#buffer;
    if (this.#valueStart < 0) {
      if (this.#nextByte() === undefined) return false;
      this.#valueStart = this.#at;
      this.#depth = 0;
      this.#inString = false;
      const end =
        this.#section === 'task' && !this.#byStructure ? findTaskEnd(buffer, this.#valueStart) : null;
      this.#byStructure = false;
      this.#isCutAtNext = end !== null;
      if (end !== null) return this.#finishValue(end);
    }
    let at = this.#at;
    let depth = this.#depth;
    let inString = this.#inString;
    const end = buffer.length;
    while (at < end) {
      const byte = buffer[at];
      if (inString) {
        // What is escaped is passed over with its backslash, also when it comes with the next bytes.
        if (byte === backslash) at += 1;
        else if (byte === quote) inString = false;
        at += 1;
        continue;
      }
      if (byte === quote) inString = true;
      else if (byte === openBrace || byte === openBracket) depth += 1;
      else if (byte === closeBrace || byte === closeBracket) {
        if (depth === 0) return this.#finishValue(at);
        if (depth === 1) {
          const stray = this.#section === 'task' ? findStrayBrackets(buffer, at + 1) : null;
          // Only the next bytes tell; the last bracket is looked at again then.
          if (stray === undefined && !this.#isAllFed) break;
          if (typeof stray === 'number') return this.#giveUp('there is a bracket too many behind it', stray);
          return this.#finishValue(at + 1);
        }
        depth -= 1;
      } else if (byte === comma && depth === 0) return this.#finishValue(at);
      at += 1;
    }
    this.#at = at;
    this.#depth = depth;
    this.#inString = inString;
    if (at - this.#valueStart <= this.#maxMemberBytes) return false;
    if (this.#resynchronise(`it is longer than ${this.#maxMemberBytes} bytes`)) return true;
    return this.#fail(`${this.#section} ${this.#key} is longer than ${this.#maxMemberBytes} bytes`);
  }

  #finishValue(end: number): boolean {
    const start = this.#valueStart;
    this.#at = end;
    this.#valueStart = -1;
    this.#state = 'member-or-end';
    const value = this.#buffer.subarray(start, end);
    this.#options.onMember({
      section: this.#section,
      key: this.#key,
      value,
      offset: this.#base + start,
    });
    return true;
  }

  /** Sets the member in hand aside and goes on at a position behind it. */
  #giveUp(reason: string, next: number): true {
    const offset = this.#base + this.#valueStart;
    this.#options.onDamage({ section: this.#section, key: this.#key, offset }, reason);
    this.#valueStart = -1;
    this.#at = next;
    this.#state = 'member-or-end';
    return true;
  }

  /**
   * Called by the receiver of a member that is no JSON, before it calls it damaged.
   * @returns whether it will be handed out again, cut where its brackets say that it ends
   */
  cutAgain(member: Member): boolean {
    if (!this.#isCutAtNext) return false;
    this.#at = member.offset - this.#base;
    this.#state = 'member-value';
    this.#byStructure = true;
    return true;
  }

  /** Called by the receiver of a member that turned out to be damaged: goes on at the next task inside of it, if any. */
  lookAgainIn(member: Member): boolean {
    const start = member.offset - this.#base;
    const found = this.#findNextTask(start, start + member.value.length);
    if (found === null) return false;
    this.#at = found;
    this.#state = 'member-or-end';
    return true;
  }

  /** Gives the member in hand up and goes on at the next one that is recognised. */
  #resynchronise(reason: string): boolean {
    if (this.#section !== 'task') return false;
    const start = this.#valueStart;
    const found = this.#findNextTask(start, this.#buffer.length);
    if (found === null) return false;
    return this.#giveUp(reason, found);
  }

  /** The position behind the last task's brace, where the next one (or the end of all tasks) follows. */
  #findNextTask(start: number, end: number): number | null {
    nextTask.lastIndex = 0;
    const match = nextTask.exec(this.#buffer.toString('latin1', start, end));
    return match === null ? null : start + match.index + 1;
  }

  #fail(message: string): never {
    const offset = this.#base + this.#at;
    throw new CutFailure(`${message} (byte ${offset})`, offset, false);
  }
}
