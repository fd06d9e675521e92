import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError } from 'commander'
import type { Publication, PublicationChange, PublishChange, PublishPreview } from '../../../shared/contract/publish.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Cli } from '../cli-session.ts'
import { parsePositive, parseRunRef } from '../run-ref.ts'
import { formatAge, formatCount } from '../terminal/figures.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface ChangeOptions {
  dryRun?: boolean
  reason?: string
  json?: boolean
}

/** `strata promote`, `strata rollback`, `strata publications`: what is current, changed and told. */
export function addPublishCommands(program: Command, cli: Cli): void {
  withChangeOptions(program.command('promote').description('make everything that an earlier run made current again, at once').argument('<run>', 'data_type#number', parseRunRef))
    .action((run: RunRef, options: ChangeOptions) => change(cli, { kind: 'promote_run', run }, options))

  withChangeOptions(program.command('rollback').description('go back: a dataset to an earlier version, or everything that a run published').argument('<what>', 'dataset, or data_type#number', parseTarget))
    .option('--to <number>', 'version of the dataset; without it, the one before', parsePositive)
    .action((target: Target, options: ChangeOptions & { to?: number }) => change(cli, rollbackOf(target, options.to), options))

  program
    .command('publications')
    .description('list what became current, when and why, newest first')
    .argument('[data_type]', 'only of this data type')
    .option('-n, --limit <number>', 'publications at most', parsePositive, 20)
    .option('--json', 'one JSON document')
    .action(async (dataType: string | undefined, { limit, json }: { limit: number; json?: boolean }) => {
      const found = await cli.withClient((client) => client.publish.history({ limit, ...(dataType === undefined ? {} : { dataType }) }, { signal: cli.signal }))
      if (json === true) return cli.out.json(found)
      if (found.total === 0) return cli.out.line('Nothing has been published yet')
      printHistory(cli.out, found.publications)
      if (found.total > limit) cli.out.note(`${formatCount(found.total - limit)} older ones; more with --limit`)
    })
}

function withChangeOptions(command: Command): Command {
  return command
    .option('--reason <text>', 'why; goes into the audit trail')
    .option('--dry-run', 'only show what would change')
    .option('--json', 'one JSON document')
}

type Target = { run: RunRef } | { dataset: string }

function parseTarget(text: string): Target {
  if (text.includes('#')) return { run: parseRunRef(text) }
  if (parseDatasetId(text) === null) throw new InvalidArgumentError('Name a dataset (data_type.zone.name) or a run (data_type#number).')
  return { dataset: text }
}

function rollbackOf(target: Target, to: number | undefined): PublishChange {
  if ('dataset' in target) return { kind: 'rollback_dataset', dataset: target.dataset, ...(to === undefined ? {} : { version: to }) }
  if (to !== undefined) throw new ProblemError('BAD_INPUT', '--to names a version of one dataset, not of a run', { hint: 'Name the dataset, or leave --to out' })
  return { kind: 'rollback_run', run: target.run }
}

async function change(cli: Cli, wanted: PublishChange, { dryRun = false, reason, json = false }: ChangeOptions): Promise<void> {
  if (!dryRun && reason === undefined) throw new ProblemError('BAD_INPUT', 'A change of what is current needs its reason', { hint: 'Add --reason "..."; --dry-run only shows what would change' })
  await cli.withClient(async (client) => {
    const preview = await client.publish.preview({ change: wanted }, { signal: cli.signal })
    const done = dryRun || reason === undefined ? null : await client.publish.apply({ commandId: randomUUID(), change: wanted, reason })
    if (json) return cli.out.json(done ?? preview)
    printPreview(cli.out, preview)
    cli.out.line(done === null ? 'Nothing was changed' : `${formatCount(done.changes.length)} ${done.changes.length === 1 ? 'dataset is' : 'datasets are'} current as shown`)
  })
}

function printPreview(out: Terminal, { changes, alsoUndone, madeFrom }: PublishPreview): void {
  out.table(
    [{ header: 'dataset' }, { header: 'from', align: 'right' }, { header: 'rows', align: 'right' }, { header: 'to', align: 'right' }, { header: 'rows', align: 'right' }],
    changes.map(({ dataset, from, to }) => [{ text: dataset, style: 'bold' }, sideText(from), formatCount(from?.rowCount ?? null), sideText(to), formatCount(to?.rowCount ?? null)]),
  )
  if (alsoUndone.length > 0) out.note(`This also takes back the ${alsoUndone.join(', the ')}`)
  if (madeFrom.length > 0) out.note(`Made from what is no longer current, and not changed: ${madeFrom.join(', ')}`)
}

function sideText(side: PublicationChange['from']): string {
  return side === null ? 'none' : `v${side.version} (#${side.runNumber})`
}

function printHistory(out: Terminal, publications: readonly Publication[]): void {
  const now = Date.now()
  out.table(
    [{ header: 'when' }, { header: 'what' }, { header: 'datasets', align: 'right' }, { header: 'by' }, { header: 'reason', maxWidth: 60 }],
    publications.map(({ at, kind, dataType, runNumber, changes, actor, reason }) => [
      formatAge(at, now), { text: `${kind} ${runNumber === null ? (changes[0]?.dataset ?? dataType) : `${dataType} #${runNumber}`}`, style: 'bold' }, formatCount(changes.length), actor, reason,
    ]),
  )
}
