import { randomUUID } from 'node:crypto'
import { type Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { type QuarantineFilter, type QuarantineRecord, type QuarantineTarget, type ShownState, shownStateSchema } from '../../../shared/contract/quarantine.contract.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { EXIT } from '../exit-code.ts'
import { followRun, runExitCode } from '../follow-run.ts'
import { parsePositive, parseRunRef, runName } from '../run-ref.ts'
import { formatCount } from '../terminal/figures.ts'
import type { Cell } from '../terminal/table.ts'
import { createRunView } from '../terminal/run-view.ts'
import { showAccounts, showRecord } from '../terminal/quarantine-report.ts'

interface ListOptions {
  dataset?: string
  state?: ShownState[]
  reason?: string
  run?: QuarantineFilter['run']
  search?: string
  groups?: boolean
  limit: number
  json?: boolean
}

interface DecideOptions {
  reason: string
  all?: string
  dataset?: string
  set?: Record<string, string | null>
  json?: boolean
}

const WHICH = 'records by their ids or the first characters of them'
const ALL = ['--all <signature>', 'instead of ids: all records of --dataset with this reason (list --groups tells it), now and in every later run'] as const
const OF = ['--dataset <name>', 'with --all: data_type.zone.name'] as const

/** `strata quarantine`: records that are not in the data, and what is to become of them. */
export function addQuarantineCommand(program: Command, cli: Cli): void {
  const quarantine = program.command('quarantine').description('records that could not be read or break a rule: list, show, correct, accept, ignore, undo, run again')
  addList(quarantine, cli)
  quarantine
    .command('counts')
    .description('what became of all records of each dataset: read = loaded + quarantined + skipped')
    .argument('[data_type]', 'only the datasets of a data type')
    .option('--json', 'one JSON document')
    .action(async (dataType: string | undefined, { json }: { json?: boolean }) => {
      const answer = await cli.withClient((client) => client.quarantine.accounts(dataType === undefined ? {} : { dataType }, { signal: cli.signal }))
      if (json === true) return cli.out.json(answer)
      showAccounts(cli.out, answer.accounts)
    })
  quarantine
    .command('show')
    .description('a record with the reason, its fields, and the lines of its file around it')
    .argument('<id>', 'its id, or the first characters of it')
    .option('--json', 'one JSON document')
    .action(async (id: string, { json }: { json?: boolean }) => {
      const detail = await cli.withClient((client) => client.quarantine.show({ id }, { signal: cli.signal }))
      if (json === true) return cli.out.json(detail)
      showRecord(cli.out, detail)
    })
  quarantine
    .command('correct')
    .description('give a record other values; every later run replays it')
    .argument('<id>', 'its id, or the first characters of it')
    .requiredOption('--set <column=value>', 'a value, as often as needed; column= alone makes it null', parseField)
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--anyway', 'also with values that break a rule of the contract: the record stays in quarantine until it is accepted')
    .option('--json', 'one JSON document')
    .action(async (id: string, { set = {}, reason, anyway = false, json }: DecideOptions & { anyway?: boolean }) => {
      const answer = await cli.withClient((client) => client.quarantine.correct({ commandId: randomUUID(), id, fields: set, reason, anyway }))
      tell(cli, answer, { words: 'corrected', json })
    })
  addDecision(quarantine, cli, { name: 'accept', words: 'accepted', description: 'let rows in in spite of the rule that they break' })
  addDecision(quarantine, cli, { name: 'ignore', words: 'ignored', description: 'leave records out on purpose' })
  quarantine
    .command('undo')
    .description('take back what was decided')
    .argument('[id...]', WHICH)
    .option(...ALL)
    .option(...OF)
    .option('--json', 'one JSON document')
    .action(async (ids: string[], { all, dataset, json }: DecideOptions) => {
      const answer = await cli.withClient((client) => client.quarantine.undo({ commandId: randomUUID(), target: targetOf(ids, { all, dataset }) }))
      tell(cli, answer, { words: 'open again', json })
    })
  addRerun(quarantine, cli)
}

function addList(quarantine: Command, cli: Cli): void {
  quarantine
    .command('list', { isDefault: true })
    .description('what is in quarantine, or was until somebody decided about it')
    .argument('[data_type]', 'only those of a data type')
    .option('--dataset <name>', 'only those of a dataset')
    .addOption(new Option('--state <state...>', 'only these; without it, all but what is gone from the data').choices(shownStateSchema.options))
    .option('--reason <signature>', 'only those with this reason, as --groups lists them')
    .option('--run <run>', 'only what was in quarantine in this run, data_type#number', parseRunRef)
    .option('--search <text>', 'in reason, record, key, value or file')
    .option('--groups', 'by reason, with counts')
    .option('-n, --limit <number>', 'rows at most', parsePositive, 50)
    .option('--json', 'one JSON document')
    .action(async (dataType: string | undefined, options: ListOptions) => {
      const filter = filterOf(dataType, options)
      await cli.withClient((client) => (options.groups === true ? listGroups({ cli, client }, filter, options) : listRecords({ cli, client }, filter, options)))
    })
}

function filterOf(dataType: string | undefined, { dataset, state, reason, run, search }: ListOptions): QuarantineFilter {
  return {
    ...(dataType === undefined ? {} : { dataType }), ...(dataset === undefined ? {} : { dataset }), ...(state === undefined ? {} : { states: state }),
    ...(reason === undefined ? {} : { signature: reason }), ...(run === undefined ? {} : { run }), ...(search === undefined ? {} : { text: search }),
  }
}

interface Asking {
  cli: Cli
  client: StrataClient
}

async function listRecords({ cli, client }: Asking, filter: QuarantineFilter, { limit, json }: ListOptions): Promise<void> {
  const { total, records } = await client.quarantine.list({ ...filter, limit: Math.min(5_000, limit) }, { signal: cli.signal })
  if (json === true) return cli.out.json({ total, records })
  if (total === 0) return cli.out.line('Nothing is in quarantine')
  cli.out.table([{ header: 'id' }, { header: 'state' }, { header: 'dataset' }, { header: 'where', maxWidth: 40 }, { header: 'reason', maxWidth: 70 }, { header: 'seen' }], records.map(recordRow))
  if (total > records.length) cli.out.note(`${formatCount(records.length)} of ${formatCount(total)}; more with --limit`)
}

function recordRow(record: QuarantineRecord): Cell[] {
  const { id, state, waits, dataset, reason, firstRun, lastRun } = record
  return [
    { text: id.slice(0, 8), style: 'bold' },
    { text: waits ? `${state}, waits for a run` : state, style: state === 'open' ? 'yellow' : 'plain' },
    dataset,
    placeOf(record),
    reason,
    firstRun === lastRun ? `#${firstRun}` : `#${firstRun} to #${lastRun}`,
  ]
}

function placeOf({ file, record, line, key }: QuarantineRecord): string {
  if (file !== null) return `${file}, ${line === null ? `record ${record ?? '?'}` : `line ${line}`}`
  return key === null ? '' : Object.entries(key).map(([name, value]) => `${name} ${String(value)}`).join(', ')
}

async function listGroups({ cli, client }: Asking, filter: QuarantineFilter, { limit, json }: ListOptions): Promise<void> {
  const { total, groups } = await client.quarantine.groups({ ...filter, limit: Math.min(5_000, limit) }, { signal: cli.signal })
  if (json === true) return cli.out.json({ total, groups })
  if (total === 0) return cli.out.line('Nothing is in quarantine')
  cli.out.table(
    [{ header: 'dataset' }, { header: 'reason', maxWidth: 80 }, { header: 'records', align: 'right' }, { header: 'open', align: 'right' }, { header: 'seen' }],
    groups.map(({ dataset, signature, count, open, firstRun, lastRun }) => [{ text: dataset, style: 'bold' }, signature, formatCount(count), formatCount(open), firstRun === lastRun ? `#${firstRun}` : `#${firstRun} to #${lastRun}`]),
  )
}

interface Verb {
  name: 'accept' | 'ignore'
  words: string
  description: string
}

function addDecision(quarantine: Command, cli: Cli, { name, words, description }: Verb): void {
  quarantine
    .command(name)
    .description(description)
    .argument('[id...]', WHICH)
    .option(...ALL)
    .option(...OF)
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--json', 'one JSON document')
    .action(async (ids: string[], { all, dataset, reason, json }: DecideOptions) => {
      const answer = await cli.withClient((client) => client.quarantine[name]({ commandId: randomUUID(), target: targetOf(ids, { all, dataset }), reason }))
      tell(cli, answer, { words, json })
    })
}

function addRerun(quarantine: Command, cli: Cli): void {
  quarantine
    .command('rerun')
    .description('run what decisions wait for, and what reads it; the rest stays as it is')
    .argument('[data_type]', 'only this data type')
    .option('--json', 'NDJSON: one object a line for the start, each event and the end')
    .action(async (dataType: string | undefined, { json = false }: { json?: boolean }) => {
      await cli.withClient(async (client) => {
        const { runs } = await client.quarantine.rerun({ commandId: randomUUID(), ...(dataType === undefined ? {} : { dataType }) })
        for (const { run, resumed, datasets } of runs) {
          if (!json) cli.out.note(`${runName(run)} ${resumed ? 'goes on with' : 'runs'} ${datasets.join(', ')} and what reads it`)
          cli.exitWith(runExitCode(await followRun({ cli, client, ref: run, view: createRunView(cli.out, json) })))
        }
      })
    })
}

function targetOf(ids: readonly string[], { all, dataset }: { all: string | undefined; dataset: string | undefined }): QuarantineTarget {
  if (all !== undefined && dataset !== undefined) return { dataset, signature: all }
  if (ids.length === 0 || all !== undefined) throw usage('Name records by their ids, or all of a dataset with one reason: --dataset <name> --all <signature>')
  return { records: [...ids] }
}

function parseField(text: string, before: Record<string, string | null> = {}): Record<string, string | null> {
  const at = text.indexOf('=')
  if (at <= 0) throw new InvalidArgumentError('Write column=value.')
  const value = text.slice(at + 1)
  return { ...before, [text.slice(0, at)]: value === '' ? null : value }
}

function tell(cli: Cli, answer: { changed: number }, { words, json }: { words: string; json: boolean | undefined }): void {
  if (json === true) return cli.out.json(answer)
  cli.out.line(answer.changed === 0 ? 'Nothing is decided about it; nothing has changed' : `${formatCount(answer.changed)} ${answer.changed === 1 ? 'record' : 'records'} ${words}. "strata quarantine rerun" takes it into the data`)
}

/** Prints itself as commander's own usage errors do, and ends with the same exit code. */
function usage(message: string): CommanderError {
  process.stderr.write(`error: ${message}\n`)
  return new CommanderError(EXIT.usage, 'strata.usage', message)
}
