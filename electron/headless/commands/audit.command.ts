import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { AuditEntry, AuditQuery } from '../../../shared/contract/audit.contract.ts'
import { ACTOR_KINDS, ACTOR_WAYS, actorText } from '../../../shared/domain/actor.ts'
import type { Cli } from '../cli-session.ts'
import { EXIT } from '../exit-code.ts'
import { parsePositive } from '../run-ref.ts'
import { formatCount } from '../terminal/figures.ts'
import { plainText } from '../terminal/plain-text.ts'

interface AuditOptions extends AuditQuery {
  verify?: boolean
  json?: boolean
  limit: number
}

/** `strata audit`: who changed what; with --verify whether anybody changed the record itself. `strata audit export` writes it to a file. */
export function addAuditCommand(program: Command, cli: Cli): void {
  const audit = withFilters(program.command('audit').description('who changed what, newest first'))
    .option('-n, --limit <number>', 'how many at most', parsePositive, 50)
    .option('--verify', 'go through the whole chain of hashes; exit code 1 when an entry was changed or removed')
    .option('--json', 'one JSON document')
    .action(async ({ verify = false, json = false, limit, ...query }: AuditOptions) => {
      if (verify) return verifyTrail(cli, json)
      const list = await cli.withClient((client) => client.audit.list({ ...query, limit }, { signal: cli.signal }))
      if (json) return cli.out.json(list)
      if (list.entries.length === 0) return cli.out.line('Nothing is on record that matches')
      cli.out.table(
        [{ header: '#', align: 'right' }, { header: 'when' }, { header: 'who' }, { header: 'did' }, { header: 'to' }, { header: 'what changed', maxWidth: 90 }],
        list.entries.map((entry) => [String(entry.seq), entry.at.replace('T', ' ').slice(0, 19), actorText(entry.actor), { text: entry.action, style: 'bold' }, entry.target, changeText(entry)]),
      )
      if (list.total > list.entries.length) cli.out.note(`${formatCount(list.entries.length)} of ${formatCount(list.total)}; more with --limit`)
    })
  withFilters(audit.command('export').description('write the entries that match to the exports folder, oldest first'))
    .addOption(new Option('--format <format>', 'of the file').choices(['ndjson', 'csv']).default('ndjson'))
    .option('--json', 'one JSON document')
    .action(async (_: unknown, command: Command) => {
      // The same filters may have been given to the command itself.
      const { json = false, format, verify: _verify, limit: _limit, ...query }: AuditOptions & { format: 'ndjson' | 'csv' } = command.optsWithGlobals()
      const { workspace: _workspace, reveal: _reveal, revealReason: _why, ...filter }: AuditQuery & { workspace?: string; reveal?: string[]; revealReason?: string } = query
      const written = await cli.withClient((client) => client.audit.export({ ...filter, format, commandId: randomUUID() }, { signal: cli.signal }))
      if (json) return cli.out.json(written)
      cli.out.line(`${formatCount(written.entries)} entries  ${written.path}  sha256 ${written.sha256}`)
    })
}

function withFilters(command: Command): Command {
  return command
    .addOption(new Option('--actor <kind>', 'who').choices(ACTOR_KINDS))
    .addOption(new Option('--via <way>', 'which way it came in').choices(ACTOR_WAYS))
    .option('--action <word>', 'what was done: run, cancel, publish, approve, override ...')
    .option('--target <name>', 'what it was done to, for example "drugs #41"')
    .option('--text <text>', 'in any of it')
    .option('--from <date>', 'not before, as 2026-01-31 or with a time', parseDate)
    .option('--to <date>', 'not after; a day alone means its end', parseEnd)
}

async function verifyTrail(cli: Cli, json: boolean): Promise<void> {
  const report = await cli.withClient((client) => client.audit.verify({}, { signal: cli.signal }))
  if (report.brokenAt !== null) cli.exitWith(EXIT.failed)
  if (json) return cli.out.json(report)
  if (report.brokenAt === null) return cli.out.line(`${formatCount(report.entries)} entries, each following from the one before. Last hash ${report.lastHash || 'none'}`)
  cli.out.line(cli.out.paint(`Entry ${report.brokenAt} was changed, or one before it was removed. Entries before it are as they were written`, 'red'))
}

function changeText({ before, after, details }: AuditEntry): string {
  const text = (value: unknown): string => plainText(JSON.stringify(value)).replaceAll(/["{}]/g, '').replaceAll(',', ', ').replaceAll(':', ' ') || 'nothing'
  const reason = typeof details === 'object' && details !== null && 'reason' in details && typeof details.reason === 'string' ? `${details.reason}  ` : ''
  if (before === null && after === null) return reason + text(details)
  return `${reason}${text(before ?? {})} → ${text(after ?? {})}`
}

function parseDate(text: string): string {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) throw new InvalidArgumentError('Write a date as 2026-01-31 or 2026-01-31T08:00.')
  return at.toISOString()
}

function parseEnd(text: string): string {
  return parseDate(/^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? `${text.trim()}T23:59:59.999Z` : text)
}
