import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { Cursor } from '../../../shared/contract/cursors.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import type { Cli } from '../cli-session.ts'
import { runName } from '../run-ref.ts'
import { formatAge } from '../terminal/figures.ts'

interface ChangeOptions {
  reason: string
  json?: boolean
}

/** `strata cursors`: how far incremental sources were read, and the hand that moves them. */
export function addCursorsCommand(program: Command, cli: Cli): void {
  const cursors = program.command('cursors').description('how far incremental sources were read: list the cursors, set them, begin anew')
  cursors
    .command('list', { isDefault: true })
    .description('the cursor of every incremental source, and who moved it there')
    .option('--json', 'one JSON document')
    .action(async ({ json }: { json?: boolean }) => list(cli, json === true))
  cursors
    .command('set')
    .description('let the next run ask for what lies beyond a value')
    .argument('<dataset>', 'data_type.raw.source')
    .argument('<value>', 'as the column has it, such as 2024-01-01')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--json', 'one JSON document')
    .action((dataset: string, value: string, options: ChangeOptions) => change(cli, { dataset, value }, options))
  cursors
    .command('clear')
    .description('let the next run begin anew, without what was delivered before')
    .argument('<dataset>', 'data_type.raw.source')
    .requiredOption('--reason <text>', 'why, for the audit trail')
    .option('--json', 'one JSON document')
    .action((dataset: string, options: ChangeOptions) => change(cli, { dataset, value: null }, options))
}

async function change(cli: Cli, { dataset, value }: { dataset: string; value: string | null }, { reason, json }: ChangeOptions): Promise<void> {
  const answer = await cli.withClient((client) => client.cursors.set({ commandId: randomUUID(), dataset, value, reason }))
  if (json === true) return cli.out.json(answer)
  cli.out.line(value === null ? `The next run of ${dataset} begins anew` : `The next run of ${dataset} asks for what is beyond ${answer.column} = ${value}`)
}

async function list(cli: Cli, json: boolean): Promise<void> {
  const { cursors } = await cli.withClient((client) => client.cursors.list({}, { signal: cli.signal }))
  if (json) return cli.out.json({ cursors })
  if (cursors.length === 0) return cli.out.line('No source is read incrementally. Declare incremental: { column: … } for one that is asked over the network')
  const now = Date.now()
  cli.out.table(
    [{ header: 'dataset' }, { header: 'column' }, { header: 'cursor' }, { header: 'set' }, { header: 'by', maxWidth: 80 }],
    cursors.map((cursor) => [{ text: cursor.dataset, style: 'bold' as const }, cursor.column, cursor.value ?? { text: cursor.initial ?? 'everything', style: 'dim' as const }, cursor.at === null ? '' : formatAge(cursor.at, now), whoText(cursor)]),
  )
}

function whoText({ run, setBy, value }: Cursor): string {
  if (run !== null) return runName(run)
  if (setBy !== null) return `${actorText(setBy.actor)}: ${setBy.reason}`
  return value === null ? 'nothing was published yet' : ''
}
