import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { ContractListItem, ContractVersion } from '../../../shared/contract/contracts.contract.ts'
import { type CheckSeverity, checkSeveritySchema } from '../../../shared/domain/check-severity.ts'
import { checkCountsText } from '../../../shared/domain/check-counts.ts'
import { withSeverity } from '../../../shared/domain/contract-addition.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import { closestName } from '../../../shared/domain/naming.ts'
import type { Cli } from '../cli-session.ts'
import { checkTable } from '../terminal/check-report.ts'
import { formatAge, formatCount } from '../terminal/figures.ts'
import type { Cell } from '../terminal/table.ts'

/** `strata contracts [dataset]`: what the datasets promise, and whether their last versions kept it. */
export function addContractsCommand(program: Command, cli: Cli): void {
  const contracts = program.command('contracts').description('what the datasets promise, and whether their versions keep it')
  contracts
    .command('list', { isDefault: true })
    .description('contracts with the state of the last versions; of one dataset, its rules too')
    .argument('[dataset]', 'data_type.zone.name')
    .option('--json', 'one JSON document')
    .action((dataset: string | undefined, { json }: { json?: boolean }) => (dataset === undefined ? list(cli, json === true) : show(cli, dataset, json === true)))
  contracts
    .command('suggest')
    .description('rules that the data of a dataset keep and its contract does not have yet, each with what speaks for it')
    .argument('<dataset>', 'data_type.zone.name')
    .option('--save', 'write them into the contract')
    .option('--only <numbers>', 'with --save: only these, by their numbers, such as 1,3,4')
    .addOption(new Option('--severity <what>', 'with --save or --yaml: what a broken rule does').choices(checkSeveritySchema.options).default('block'))
    .option('--yaml', 'the file as it would be, and nothing else')
    .option('--json', 'one JSON document')
    .action((dataset: string, options: SuggestOptions) => suggest(cli, dataset, options))
  contracts
    .command('export')
    .description('contracts as a document of the Open Data Contract Standard 3.1.0, on standard output')
    .argument('[dataset]', 'data_type.zone.name')
    .option('--all', 'every dataset that promises something, in one document')
    .option('--odcs', 'the format, which is the only one')
    .action(async (dataset: string | undefined, { all }: { all?: boolean }) => {
      if ((dataset === undefined) !== (all === true)) throw new ProblemError('BAD_INPUT', 'Name a dataset, or write --all', { hint: 'strata contracts export data_type.zone.name' })
      const { yaml } = await cli.withClient((client) => client.contracts.exportOdcs(dataset === undefined ? {} : { dataset }, { signal: cli.signal }))
      cli.out.raw(yaml)
    })
  contracts
    .command('import')
    .description('add what an Open Data Contract Standard document promises to the contract of a dataset')
    .argument('<file>', 'the document, YAML or JSON')
    .requiredOption('--as <dataset>', 'data_type.zone.name')
    .option('--dry-run', 'show the file as it would be, and what would be left out')
    .option('--json', 'one JSON document')
    .action(async (file: string, { as: dataset, dryRun = false, json }: { as: string; dryRun?: boolean; json?: boolean }) => {
      const text = await readFile(file, 'utf8').catch((cause: unknown) => Promise.reject(new ProblemError('BAD_INPUT', `${file} cannot be read`, { cause, hint: 'Give the path of the document' })))
      const answer = await cli.withClient((client) => client.contracts.importOdcs({ commandId: randomUUID(), dataset, text, dryRun }))
      if (json === true) return cli.out.json(answer)
      if (dryRun) cli.out.raw(answer.yaml)
      else cli.out.line(`${answer.file} has what the document promises`)
      for (const part of answer.leftOut) cli.out.note(`left out: ${part}`)
    })
}

interface SuggestOptions {
  save?: boolean
  only?: string
  severity: CheckSeverity
  yaml?: boolean
  json?: boolean
}

async function suggest(cli: Cli, dataset: string, { save, only, severity, yaml, json }: SuggestOptions): Promise<void> {
  await cli.withClient(async (client) => {
    const found = await client.contracts.suggest({ dataset }, { signal: cli.signal })
    if (save !== true && json === true) return cli.out.json(found)
    if (found.suggestions.length === 0) return cli.out.line(`The contract of ${dataset} has all that could be suggested from v${found.version}`)
    if (save !== true && yaml !== true) {
      cli.out.table(
        [{ header: '', align: 'right' }, { header: 'column' }, { header: 'rule', maxWidth: 70 }, { header: 'what speaks for it', maxWidth: 90 }],
        found.suggestions.map(({ addition, text, evidence }, i) => [String(i + 1), addition.kind === 'key' ? '' : { text: addition.column, style: 'bold' as const }, text, evidence]),
      )
      return cli.out.note(`strata contracts suggest ${dataset} --save writes them into ${found.file}, --save --only 1,2 some of them`)
    }
    const chosen = found.suggestions.filter((_, i) => only === undefined || only.split(',').map(Number).includes(i + 1))
    if (chosen.length === 0) throw new ProblemError('BAD_INPUT', `--only ${only ?? ''} names none of the ${found.suggestions.length} suggestions`, { hint: 'Without --save they are listed with their numbers' })
    const saved = await client.contracts.save({ commandId: randomUUID(), dataset, additions: chosen.map(({ addition }) => withSeverity(addition, severity)), dryRun: save !== true })
    if (save !== true) return cli.out.raw(saved.yaml)
    if (json === true) return cli.out.json(saved)
    cli.out.line(`${chosen.length} of ${found.suggestions.length} are promised now, in ${saved.file}`)
  })
}

async function list(cli: Cli, json: boolean): Promise<void> {
  const contracts = await cli.withClient((client) => client.contracts.list({}, { signal: cli.signal }))
  if (json) return cli.out.json(contracts)
  if (contracts.length === 0) return cli.out.line('No datasets: the workspace has no pipelines yet')
  cli.out.table(
    [{ header: 'dataset' }, { header: 'rules', align: 'right' }, { header: 'newest' }, { header: 'state' }, { header: 'last versions, oldest first' }, { header: 'contract' }],
    contracts.map(({ dataset, ruleCount, versions, file }) => [
      { text: dataset, style: 'bold' as const },
      ruleCount === 0 ? { text: 'none', style: 'dim' as const } : formatCount(ruleCount),
      versions[0] === undefined ? { text: 'no version', style: 'dim' as const } : `v${versions[0].version}`,
      stateCell(versions[0]),
      versions.toReversed().map(markOf).join(' '),
      file ?? { text: 'promises nothing', style: 'dim' as const },
    ]),
  )
}

const MARKS = { holds: '✓', quarantines: '▣', warns: '!', blocked: '✗', unchecked: '·' } as const

function markOf({ state, isCurrent }: ContractVersion): string {
  return isCurrent ? `[${MARKS[state]}]` : MARKS[state]
}

function stateCell(version: ContractVersion | undefined): Cell {
  if (version === undefined || version.state === 'unchecked') return { text: version === undefined ? '' : 'not checked', style: 'dim' }
  return { text: checkCountsText(version), style: ({ blocked: 'red', warns: 'yellow', quarantines: 'yellow', holds: 'green' } as const)[version.state] }
}

function sensitiveLines({ sensitive, undeclared, inClear }: ContractListItem): string[] {
  const masked = sensitive.map(({ column, isDeclared }) => (isDeclared ? column : `${column} (from what it comes from)`))
  return [
    ...(masked.length === 0 ? [] : [`masked: ${masked.join(', ')}`]),
    ...(undeclared.length === 0 ? [] : [`! ${undeclared.join(', ')}: made from sensitive data in a way that lineage does not know, and not masked. Say in the contract whether they are sensitive`]),
    ...inClear.map(({ column, dataset, from }) => `! ${column} is masked, and its values can be seen in ${from} of ${dataset}. Say of that column whether it is sensitive`),
  ]
}

async function show(cli: Cli, dataset: string, json: boolean): Promise<void> {
  const { contract, rules } = await cli.withClient(async (client) => {
    const all = await client.contracts.list({}, { signal: cli.signal })
    return { contract: mustFind(all, dataset), rules: await client.checks.list({ dataset, points: 12 }, { signal: cli.signal }) }
  })
  if (json) return cli.out.json({ ...contract, rules })
  const { out } = cli
  out.line(out.paint(dataset, 'bold') + (contract.description === null ? '' : `  ${contract.description}`))
  out.line(contract.file === null ? 'It promises nothing. "strata contracts suggest" makes a contract of its data' : `${contract.file}${contract.key.length === 0 ? '' : `, key ${contract.key.join(', ')}`}`)
  for (const line of sensitiveLines(contract)) out.line(line)
  if (rules.length > 0) checkTable(cli, rules)
  const now = Date.now()
  out.line()
  out.table(
    [{ header: 'version' }, { header: 'run', align: 'right' }, { header: 'made' }, { header: 'published' }, { header: 'state' }],
    contract.versions.map((version) => [
      { text: `v${version.version}`, style: version.isCurrent ? 'bold' as const : 'plain' as const },
      `#${version.runNumber}`,
      formatAge(version.at, now),
      version.publishedAt === null ? { text: 'never', style: 'dim' as const } : `${formatAge(version.publishedAt, now)}${version.isCurrent ? ', current' : ''}`,
      stateCell(version),
    ]),
  )
}

function mustFind(all: readonly ContractListItem[], dataset: string): ContractListItem {
  const found = all.find((item) => item.dataset === dataset)
  if (found !== undefined) return found
  const closest = closestName(dataset, all.map((item) => item.dataset))
  throw new ProblemError('NOT_FOUND', `No pipeline makes ${dataset}`, { hint: closest === null ? '"strata contracts" lists the datasets' : `Did you mean ${closest}?` })
}
