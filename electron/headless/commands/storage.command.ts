import { randomUUID } from 'node:crypto'
import { type Command, InvalidArgumentError } from 'commander'
import type { DiskUse, KeepReason, RetentionPreview, Upkeep } from '../../../shared/contract/storage.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import type { Cli } from '../cli-session.ts'
import { EXIT } from '../exit-code.ts'
import { followUpkeep } from '../follow-upkeep.ts'
import { parsePositive } from '../run-ref.ts'
import { formatAge, formatBytes, formatCount } from '../terminal/figures.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface Json {
  json?: boolean
}

/** `strata gc`, `retention`, `pin`, `unpin`, `disk`, `verify`: the files of the versions. */
export function addStorageCommands(program: Command, cli: Cli): void {
  addRetentionCommands(program, cli)
  addPinCommands(program, cli)
  program
    .command('disk')
    .description('show what the workspace takes on disk')
    .option('--by <what>', 'zone, data_type, dataset or run', parseGrouping, 'zone')
    .option('--json', 'one JSON document')
    .action(async ({ by, json }: Json & { by: Grouping }) => {
      const use = await cli.withClient((client) => client.storage.disk(undefined, { signal: cli.signal }))
      if (json === true) return cli.out.json(use)
      printDisk(cli.out, use, by)
    })
  program
    .command('verify')
    .description('read every kept file again and compare it with what was written; exit code 1 when something changed')
    .argument('[dataset]', 'only this dataset', parseDataset)
    .option('--json', 'one JSON document')
    .action((dataset: string | undefined, { json = false }: Json) => verify(cli, dataset, json))
}

function addRetentionCommands(program: Command, cli: Cli): void {
  program
    .command('retention')
    .description('show which versions the policy of strata.yaml lets go, and why the others stay')
    .option('--json', 'one JSON document')
    .action(({ json = false }: Json) => preview(cli, json))
  program
    .command('gc')
    .description('remove the files of versions that the retention policy lets go')
    .option('--dry-run', 'only show what would go, as "strata retention" does')
    .option('--leftovers', 'also remove what lies in the zones and belongs to no version')
    .option('--json', 'one JSON document')
    .action(async ({ dryRun = false, leftovers = false, json = false }: Json & { dryRun?: boolean; leftovers?: boolean }) => {
      if (dryRun) return preview(cli, json)
      const done = await cli.withClient(async (client) => followUpkeep({ cli, client, json, word: 'removing' }, await client.storage.gc({ commandId: randomUUID(), leftovers })))
      if (json) return cli.out.json(done)
      cli.out.line(done.versions + done.files === 0 ? 'Nothing to remove' : `${countOf(done.versions, 'version')}${done.files === 0 ? '' : ` and ${countOf(done.files, 'leftover')}`} removed, ${formatBytes(done.sizeBytes)} freed`)
    })
}

function addPinCommands(program: Command, cli: Cli): void {
  for (const verb of ['pin', 'unpin'] as const) {
    program
      .command(verb)
      .description(verb === 'pin' ? 'keep a version whatever the retention policy says' : 'let the retention policy decide about a version again')
      .argument('<dataset>', 'data_type.zone.name', parseDataset)
      .argument('<version>', 'its number', parseVersion)
      .requiredOption('--reason <text>', 'why; goes into the audit trail')
      .option('--json', 'one JSON document')
      .action(async (dataset: string, version: number, { reason, json }: Json & { reason: string }) => {
        const done = await cli.withClient((client) => client.storage[verb]({ commandId: randomUUID(), dataset, version, reason }))
        if (json === true) return cli.out.json(done)
        cli.out.line(`${done.dataset} v${done.version} is ${verb}ned`)
      })
  }
}

async function preview(cli: Cli, json: boolean): Promise<void> {
  const found = await cli.withClient((client) => client.storage.retention(undefined, { signal: cli.signal }))
  if (json) return cli.out.json(found)
  printPreview(cli.out, found)
}

const KEPT_BECAUSE: Readonly<Record<KeepReason, string>> = {
  current: 'current', newest: 'the newest of its dataset', pinned: 'pinned', run: 'needed by a run that is alive or can go on', read: 'being read',
  versions: 'among the last versions that are kept', days: 'not replaced for long enough', no_policy: 'in a zone without a policy',
}

function printPreview(out: Terminal, { policies, versions, versionCount, sizeBytes, kept, unfinished, leftovers }: RetentionPreview): void {
  if (policies.length === 0) out.line('strata.yaml has no retention: nothing is ever removed')
  for (const { zone, keepVersions, keepDays } of policies) {
    const rules = [keepVersions === null ? null : `the last ${countOf(keepVersions, 'version')}`, keepDays === null ? null : `${formatCount(keepDays)} days`].filter((rule) => rule !== null)
    out.line(`${out.paint(zone, 'bold')} keeps ${rules.join(' and ')}`)
  }
  const now = Date.now()
  if (versions.length > 0) {
    out.table(
      [{ header: 'would go' }, { header: 'run', align: 'right' }, { header: 'rows', align: 'right' }, { header: 'size', align: 'right' }, { header: 'replaced' }],
      versions.map((version) => [`${version.dataset} v${version.version}`, `#${version.runNumber}`, formatCount(version.rowCount), formatBytes(version.sizeBytes), formatAge(version.replacedAt, now)]),
    )
  }
  out.line(`${countOf(versionCount, 'version')} would go, ${formatBytes(sizeBytes)}`)
  for (const { reason, versions: count, sizeBytes: bytes } of kept) out.line(out.paint(`${countOf(count, 'version')} kept, ${formatBytes(bytes)}: ${KEPT_BECAUSE[reason]}`, 'dim'))
  if (unfinished.length > 0) out.note(`${countOf(unfinished.length, 'version')} removed already, whose files the next gc takes away`)
  for (const { path, sizeBytes: bytes } of leftovers) out.note(`Belongs to no version: ${path}, ${formatBytes(bytes)}; removed with: strata gc --leftovers`)
}

type Grouping = 'zone' | 'data_type' | 'dataset' | 'run'

function parseGrouping(text: string): Grouping {
  if (text === 'zone' || text === 'data_type' || text === 'dataset' || text === 'run') return text
  throw new InvalidArgumentError('Choose zone, data_type, dataset or run.')
}

function printDisk(out: Terminal, { totalBytes, freeBytes, folders, versions }: DiskUse, by: Grouping): void {
  out.table([{ header: 'folder' }, { header: 'files', align: 'right' }, { header: 'size', align: 'right' }], folders.map(({ path, files, sizeBytes }) => [path, formatCount(files), formatBytes(sizeBytes)]))
  const keyOf = (version: DiskUse['versions'][number]): string =>
    by === 'zone' ? version.zone : by === 'data_type' ? version.dataType : by === 'dataset' ? version.dataset : version.runNumber === null ? 'no run' : `${version.dataType} #${version.runNumber}`
  const groups = [...Map.groupBy(versions, keyOf)].map(([name, inside]) => ({
    name, versions: inside.length, sizeBytes: inside.reduce((sum, version) => sum + version.sizeBytes, 0), currentBytes: inside.reduce((sum, version) => sum + (version.isCurrent ? version.sizeBytes : 0), 0),
  }))
  out.line()
  out.table(
    [{ header: by.replace('_', ' ') }, { header: 'versions', align: 'right' }, { header: 'size', align: 'right' }, { header: 'current', align: 'right' }],
    groups.toSorted((a, b) => b.sizeBytes - a.sizeBytes).map((group) => [{ text: group.name, style: 'bold' }, formatCount(group.versions), formatBytes(group.sizeBytes), formatBytes(group.currentBytes)]),
  )
  out.line()
  out.line(`${formatBytes(totalBytes)} in all, ${formatBytes(freeBytes)} free on the disk`)
}

async function verify(cli: Cli, dataset: string | undefined, json: boolean): Promise<void> {
  const [done, damages] = await cli.withClient(async (client) => {
    const started: Upkeep = await client.storage.verify({ commandId: randomUUID(), ...(dataset === undefined ? {} : { dataset }) })
    const ended = await followUpkeep({ cli, client, json, word: 'reading' }, started)
    return [ended, await client.storage.damages({ limit: 5_000, ...(dataset === undefined ? {} : { dataset }) })]
  })
  if (done.damaged > 0) cli.exitWith(EXIT.failed)
  if (json) return cli.out.json({ ...done, damages: damages.damages })
  for (const { path, kind, text } of damages.damages) cli.out.line(`${cli.out.paint(kind.padEnd(10), kind === 'unexpected' ? 'yellow' : 'red')} ${path} ${text}`)
  cli.out.line(`${countOf(done.files, 'file')} of ${countOf(done.versions, 'version')} read, ${formatBytes(done.sizeBytes)}: ${done.damaged === 0 ? 'all as they were written' : `${countOf(done.damaged, 'file')} not as written`}`)
}

function parseDataset(text: string): string {
  if (parseDatasetId(text) === null) throw new InvalidArgumentError('Name a dataset as data_type.zone.name.')
  return text
}

function parseVersion(text: string): number {
  return parsePositive(text.replace(/^v/, ''))
}

function countOf(count: number, word: string): string {
  return `${formatCount(count)} ${count === 1 ? word : `${word}s`}`
}
