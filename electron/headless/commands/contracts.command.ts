import type { Command } from 'commander'
import type { ContractListItem, ContractVersion } from '../../../shared/contract/contracts.contract.ts'
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

const MARKS = { holds: '✓', warns: '!', blocked: '✗', unchecked: '·' } as const

function markOf({ state, isCurrent }: ContractVersion): string {
  return isCurrent ? `[${MARKS[state]}]` : MARKS[state]
}

function stateCell(version: ContractVersion | undefined): Cell {
  if (version === undefined || version.state === 'unchecked') return { text: version === undefined ? '' : 'not checked', style: 'dim' }
  const all = version.passed + version.warned + version.blocked
  if (version.state === 'blocked') return { text: `${version.blocked} of ${all} block`, style: 'red' }
  return version.state === 'warns' ? { text: `${version.warned} of ${all} warn`, style: 'yellow' } : { text: `${all} hold`, style: 'green' }
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
