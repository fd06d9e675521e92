import { createHash } from 'node:crypto'
import { type Actor, actorSchema } from '../../../shared/domain/actor.ts'
import type { Bindings, Ledger } from './ledger.ts'
import { int, json, text, textOrNull } from './rows.ts'

export interface AuditEntry {
  actor: Actor
  /** One word for what was done: run, cancel, resume, publish, approve. */
  action: string
  /** What it was done to, as people name it: "drugs #41", "drugs.curated.drugs v7". */
  target: string
  details: Record<string, unknown>
  /** The values that changed, as they were; leave out where nothing was there. */
  before?: Record<string, unknown>
  after?: Record<string, unknown>
}

export interface AuditRow {
  seq: number
  at: number
  actor: Actor
  action: string
  target: string
  details: unknown
  before: unknown
  after: unknown
  hash: string
}

export interface AuditFilter {
  actor?: Actor['kind'] | undefined
  via?: Actor['via'] | undefined
  action?: string | undefined
  target?: string | undefined
  text?: string | undefined
  /** ms since the epoch, both inclusive. */
  from?: number | undefined
  to?: number | undefined
}

/** Sequence numbers from the one after `above` to `upTo`. */
export interface SeqRange {
  above: number
  upTo: number
}

export interface AuditLink {
  seq: number
  hash: string
  /** Its hash follows from its content and from the one before. */
  holds: boolean
}

export interface AuditReader {
  lastSeq(): number
  /** Entries of the range that match. Ranges keep each query short: see read-trail.ts. */
  count(filter: AuditFilter, range: SeqRange): number
  /** Newest first. */
  page(filter: AuditFilter, range: SeqRange, page: { offset: number; limit: number }): AuditRow[]
  /** Every action that occurs, for choosing. */
  actions(): string[]
  /** Checks up to `limit` entries after `seq`, whose hash is `previous`; oldest first. */
  links(after: { seq: number; hash: string }, limit: number): AuditLink[]
  /** Oldest first, for exports. */
  after(seq: number, filter: AuditFilter, limit: number): AuditRow[]
}

export interface AuditStore extends AuditReader {
  /** Append-only; each entry's hash covers the one before, so that a removed or edited entry shows. */
  append(entry: AuditEntry, at: number): void
  /** Sequence number of the first entry whose hash does not follow, or null when the chain holds. */
  firstBroken(): number | null
}

/** What the hash of a new entry covers; entries of the first ledger have 1. */
const FORM = 2

const INSERT = `
INSERT INTO audit (at, actor, action, target, details, previous_hash, hash, form, via, account, value_before, value_after)
VALUES (:at, :actor, :action, :target, :details, :previous, :hash, :form, :via, :account, :before, :after)`

const WHERE = `
WHERE (:actor = '' OR actor = :actor OR form = 1 AND :actor = 'person' AND actor <> 'http' OR form = 1 AND :actor = 'api' AND actor = 'http')
AND (:via = '' OR coalesce(via, actor) = :via) AND (:action = '' OR +action = :action) AND (:target = '' OR +target = :target)
AND (:search = '' OR instr(lower(action || ' ' || target || ' ' || details || ' ' || coalesce(value_before, '') || ' ' || coalesce(value_after, '') || ' ' || coalesce(account, '')), lower(:search)) > 0)
AND at >= :from AND at <= :to`

const IN_RANGE = 'AND seq > :above AND seq <= :upTo'

const PAGE = 500

export function createAuditStore(ledger: Ledger): AuditStore {
  const links: AuditReader['links'] = ({ seq, hash }, limit) => {
    let previous = hash
    return ledger.all('SELECT * FROM audit WHERE seq > :seq ORDER BY seq LIMIT :limit', { seq, limit }).map((row) => {
      const own = text(row, 'hash')
      const holds = text(row, 'previous_hash') === previous && own === chain(previous, covered(row))
      previous = own
      return { seq: int(row, 'seq'), hash: own, holds }
    })
  }
  return {
    links,
    append: ({ actor, action, target, details, before, after }, at) =>
      ledger.write(() => {
        const last = ledger.get('SELECT hash FROM audit ORDER BY seq DESC LIMIT 1')
        const previous = last === undefined ? '' : text(last, 'hash')
        const values = {
          at, actor: actor.kind, action, target, details: JSON.stringify(details), form: FORM, via: actor.via, account: actor.account,
          value_before: jsonOrNull(before), value_after: jsonOrNull(after),
        }
        const { value_before, value_after, ...rest } = values
        ledger.run(INSERT, { ...rest, before: value_before, after: value_after, previous, hash: chain(previous, covered(values)) })
      }),
    firstBroken() {
      let last = { seq: 0, hash: '' }
      for (;;) {
        const page = links(last, PAGE)
        const broken = page.find((link) => !link.holds)
        if (broken !== undefined) return broken.seq
        const end = page.at(-1)
        if (end === undefined) return null
        last = end
      }
    },
    lastSeq: () => int(ledger.get('SELECT coalesce(max(seq), 0) AS seq FROM audit') ?? {}, 'seq'),
    count: (filter, range) => int(ledger.get(`SELECT count(*) AS n FROM audit ${WHERE} ${IN_RANGE}`, { ...bindingsOf(filter), ...range }) ?? {}, 'n'),
    page: (filter, range, page) =>
      ledger.all(`SELECT * FROM audit ${WHERE} ${IN_RANGE} ORDER BY seq DESC LIMIT :limit OFFSET :offset`, { ...bindingsOf(filter), ...range, ...page }).map(toEntry),
    actions: () => ledger.all('SELECT DISTINCT action FROM audit ORDER BY action').map((row) => text(row, 'action')),
    after: (seq, filter, limit) =>
      ledger.all(`SELECT * FROM audit ${WHERE} AND seq > :seq ORDER BY seq LIMIT :limit`, { ...bindingsOf(filter), seq, limit }).map(toEntry),
  }
}

function jsonOrNull(value: Record<string, unknown> | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value)
}

function bindingsOf({ action = '', target = '', text: search = '', from = 0, to = Number.MAX_SAFE_INTEGER, ...who }: AuditFilter): Bindings {
  return { actor: who.actor ?? '', via: who.via ?? '', action, target, search: search.trim(), from, to }
}

/** What the hash of an entry covers besides the hash before it. A change of `form` itself changes what must come out. */
function covered(row: Record<string, unknown>): (string | number | null)[] {
  const base = [int(row, 'at'), text(row, 'actor'), text(row, 'action'), text(row, 'target'), text(row, 'details')]
  const form = int(row, 'form')
  if (form === 1) return base
  return [...base, form, textOrNull(row, 'via'), textOrNull(row, 'account'), textOrNull(row, 'value_before'), textOrNull(row, 'value_after')]
}

function chain(previous: string, body: (string | number | null)[]): string {
  return createHash('sha256').update(JSON.stringify([previous, ...body])).digest('hex')
}

function toEntry(row: Record<string, unknown>): AuditRow {
  const value = (key: string): unknown => (row[key] === null ? null : json(row, key))
  return {
    seq: int(row, 'seq'),
    at: int(row, 'at'),
    actor: toActor(row),
    action: text(row, 'action'),
    target: text(row, 'target'),
    details: json(row, 'details'),
    before: value('value_before'),
    after: value('value_after'),
    hash: text(row, 'hash'),
  }
}

/** Entries of the first ledger have one word for the actor: `person`, or the way a run was started. */
function toActor(row: Record<string, unknown>): Actor {
  if (int(row, 'form') !== 1) return actorSchema.parse({ kind: row['actor'], via: row['via'], account: row['account'] })
  const word = text(row, 'actor')
  if (word === 'http') return { kind: 'api', via: 'http', account: null }
  return { kind: 'person', via: word === 'cli' ? 'cli' : 'window', account: null }
}
