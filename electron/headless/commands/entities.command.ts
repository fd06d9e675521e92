import { type Command, Option } from 'commander'
import type { EntityMatch } from '../../../shared/contract/entities.contract.ts'
import type { EntitiesElsewhere, RunEntity, RunRef } from '../../../shared/contract/runs.contract.ts'
import { ENTITY_STATES, type EntityState } from '../../../shared/domain/run-status.ts'
import type { Cli } from '../cli-session.ts'
import { parsePositive, parseRunRef, runName } from '../run-ref.ts'
import { formatCount, formatDuration } from '../terminal/figures.ts'
import { entityStateCell } from '../terminal/state-mark.ts'
import type { Cell } from '../terminal/table.ts'

interface EntitiesOptions {
  state?: EntityState[]
  dataset?: string
  error?: string
  text?: string
  limit: number
  json?: boolean
}

/** `strata entities drugs#41`: what became of each entity in a run, the failed first. */
export function addEntitiesCommand(program: Command, cli: Cli): void {
  const entities = program.command('entities').description('what became of each entity in a run, and the search for entities')
  addSearch(entities, cli)
  entities
    .command('list', { isDefault: true })
    .description('list what became of each entity in a run, those without a result first')
    .argument('<run>', 'data_type#number', parseRunRef)
    .addOption(new Option('--state <state...>', 'only those in a state').choices(ENTITY_STATES))
    .option('--dataset <dataset>', 'only of the step that makes it, such as drugs.curated.names')
    .option('--error <signature>', 'only those with this error, as the groups below the list have it')
    .option('--text <text>', 'only those whose name or error holds the text')
    .option('-n, --limit <number>', 'how many at most', parsePositive, 50)
    .option('--json', 'one JSON document')
    .action(async (run: RunRef, { state, dataset, error, text, limit, json }: EntitiesOptions) => {
      const input = {
        run, limit, ...(state === undefined ? {} : { states: state }), ...(dataset === undefined ? {} : { dataset }), ...(error === undefined ? {} : { signature: error }), ...(text === undefined ? {} : { text }),
      }
      const found = await cli.withClient((client) => client.runs.entities(input, { signal: cli.signal }))
      if (json === true) return cli.out.json(found)
      const { out } = cli
      for (const line of found.elsewhere.map(elsewhereLine)) out.note(line)
      if (found.total === 0) return found.elsewhere.length === 0 ? out.line('No entities') : undefined
      const now = [{ header: 'entity' }, { header: 'step' }, { header: 'state' }, { header: 'rows', align: 'right' as const }, { header: 'tries', align: 'right' as const }, { header: 'took', align: 'right' as const }, { header: 'error', maxWidth: 90 }]
      out.table(now, found.entities.map(entityCells))
      if (found.total > found.entities.length) out.note(`${formatCount(found.entities.length)} of ${formatCount(found.total)}; more with --limit`)
      if (found.groups.length === 0) return
      out.line()
      out.table([{ header: 'entities', align: 'right' }, { header: 'error', maxWidth: 110 }], found.groups.map(({ count, signature }): Cell[] => [formatCount(count), { text: signature, style: 'red' }]))
    })
}

/** `strata entities search fabry`: which entities are called so. */
function addSearch(entities: Command, cli: Cli): void {
  entities
    .command('search')
    .description('find entities by their key, another declared identifier or a label, in every data type; words may be begun only')
    .argument('<text...>', 'how it begins, or words of it')
    .option('--data-type <name...>', 'only in the data of these')
    .option('-n, --limit <number>', 'how many at most', parsePositive, 20)
    .option('--json', 'one JSON document')
    .action(async (words: string[], { dataType: dataTypes, limit, json }: { dataType?: string[]; limit: number; json?: boolean }) => {
      const input = { text: words.join(' '), limit, wait: true, ...(dataTypes === undefined ? {} : { dataTypes }) }
      const found = await cli.withClient((client) => client.entities.search(input, { signal: cli.signal }))
      if (json === true) return cli.out.json(found)
      for (const { dataset, message } of found.failed) cli.out.note(`${dataset} cannot be searched: ${message}`)
      if (found.matches.length === 0) return cli.out.line(`No entity is called like "${input.text}"`)
      cli.out.table([{ header: 'entity' }, { header: 'label', maxWidth: 60 }, { header: 'found by', maxWidth: 70 }, { header: 'in', maxWidth: 60 }], found.matches.map(matchCells))
      if (found.isCut) cli.out.note('There are more: say more of it, or use --limit')
    })
}

function matchCells({ entityId, label, by, dataTypes }: EntityMatch): Cell[] {
  return [{ text: entityId, style: 'bold' }, label ?? '', by.kind === 'key' ? by.column : `${by.column} ${by.value}`, dataTypes.join(', ')]
}

function elsewhereLine({ dataset, version, run, entities }: EntitiesElsewhere): string {
  return `${dataset} is reused: v${version} holds ${formatCount(entities)} ${entities === 1 ? 'entity' : 'entities'}, accounted for in ${runName(run)}. See: strata entities ${run.dataType}#${run.runNumber} --dataset ${dataset}`
}

function entityCells({ entityId, dataset, state, carried, rows, attempts, durationMs, error }: RunEntity): Cell[] {
  return [
    { text: entityId, style: 'bold' },
    dataset,
    entityStateCell(state, carried),
    formatCount(rows),
    formatCount(attempts),
    carried ? '' : formatDuration(durationMs),
    { text: error ?? '', style: 'red' },
  ]
}
