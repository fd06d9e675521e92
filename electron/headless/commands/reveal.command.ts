import { randomUUID } from 'node:crypto'
import { type Command, CommanderError } from 'commander'
import type { Reveal } from '../../../shared/contract/masks.contract.ts'
import type { Cli } from '../cli-session.ts'
import { EXIT } from '../exit-code.ts'
import { parsePositive } from '../run-ref.ts'

interface RevealOptions {
  column?: string[]
  reason?: string
  minutes?: number
  json?: boolean
}

const AFTERWORD = `
Columns that a contract calls sensitive are masked wherever somebody looks. A reveal shows the values to you alone, on the command line, for
15 minutes. It is on record with its reason, and lives in the Strata that has the workspace open: where none has, it would end
with this command. Then reveal for one command only, which works everywhere:
  strata sql "SELECT ..." --reveal drugs.curated.patients --reveal-reason "..."`

/** `strata reveal DATASET --column C --reason "..."`, `strata reveal` and `strata hide [DATASET]`. */
export function addRevealCommands(program: Command, cli: Cli): void {
  program
    .command('reveal')
    .description('see the values of masked columns for a while, with a reason that is kept; without a dataset, what is revealed')
    .argument('[dataset]', 'data_type.zone.name')
    .option('--column <name...>', 'only these columns; without it, all that are masked')
    .option('--reason <text>', 'why, for the audit trail')
    .option('--minutes <number>', 'for how long; 15 without it, at most 120', parsePositive)
    .option('--json', 'one JSON document')
    .addHelpText('after', AFTERWORD)
    .action(async (dataset: string | undefined, options: RevealOptions) => {
      if (dataset === undefined) return listReveals(cli, options.json ?? false)
      await reveal(cli, dataset, options)
    })
  program
    .command('hide')
    .description('end what "strata reveal" began, of one dataset or of all')
    .argument('[dataset]', 'data_type.zone.name')
    .option('--json', 'one JSON document')
    .action(async (dataset: string | undefined, { json = false }: { json?: boolean }) => {
      const { hidden } = await cli.withClient((client) => client.masks.hide(dataset === undefined ? {} : { dataset }, { signal: cli.signal }))
      if (json) return cli.out.json({ hidden })
      if (hidden.length === 0) return cli.out.line('Nothing was revealed')
      for (const one of hidden) cli.out.line(`${one.dataset}: ${one.columns.join(', ')} masked again`)
    })
}

async function reveal(cli: Cli, dataset: string, { column, reason = missingReason(), minutes, json = false }: RevealOptions): Promise<void> {
  await cli.withClient(async (client, attachedTo) => {
    const revealed = await client.masks.reveal({ commandId: randomUUID(), dataset, reason, ...(column === undefined ? {} : { columns: column }), ...(minutes === undefined ? {} : { minutes }) })
    if (json) return cli.out.json({ ...revealed, endsWithCommand: attachedTo === null })
    cli.out.line(`${dataset}: ${revealed.columns.join(', ')} revealed until ${clockTime(revealed)}`)
    if (attachedTo === null) cli.out.note('No Strata has the workspace open, so this ends with the command. For one command: strata COMMAND --reveal DATASET --reveal-reason "..."')
  })
}

function missingReason(): never {
  process.stderr.write('error: Say why, with --reason "..."\n')
  throw new CommanderError(EXIT.usage, 'strata.usage', 'Say why, with --reason')
}

async function listReveals(cli: Cli, json: boolean): Promise<void> {
  const answer = await cli.withClient((client) => client.masks.reveals(undefined, { signal: cli.signal }))
  if (json) return cli.out.json(answer)
  if (answer.reveals.length === 0) return cli.out.line('Nothing is revealed')
  cli.out.table(
    [{ header: 'dataset' }, { header: 'columns', maxWidth: 60 }, { header: 'until' }, { header: 'reason', maxWidth: 80 }],
    answer.reveals.map((one) => [one.dataset, one.columns.join(', '), clockTime(one), one.reason]),
  )
}

function clockTime({ until }: Reveal): string {
  return new Date(until).toLocaleTimeString()
}
