import type { Command } from 'commander'
import type { RunDiff, VersionDiff } from '../../../shared/contract/compare.contract.ts'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { textDiff, withContext } from '../../../shared/domain/text-diff.ts'
import type { Cli } from '../cli-session.ts'
import type { StrataClient } from '../client.ts'
import { parseRunRef } from '../run-ref.ts'
import { codeDiffLines, runDiffLines } from '../terminal/run-diff-report.ts'

interface CompareOptions {
  data: boolean
  code: boolean
  json?: boolean
}

/** `strata compare shop#40 shop#41`: what was different about two runs: options, code, times, rows, schema, checks and data. */
export function addCompareCommand(program: Command, cli: Cli): void {
  program
    .command('compare')
    .description('compare two runs of a data type: options, code, times, rows, schema, checks, and the data of each dataset')
    .argument('<from>', 'the older run, data_type#number', parseRunRef)
    .argument('<to>', 'the newer run', parseRunRef)
    .option('--no-data', 'leave out the counts of rows added, removed and changed')
    .option('--no-code', 'leave out what changed in the code')
    .option('--json', 'one JSON document')
    .action(async (from: RunRef, to: RunRef, { data, code, json }: CompareOptions) => {
      await cli.withClient(async (client) => {
        const asking = { cli, client }
        const diff = await client.compare.runs({ from, to }, { signal: cli.signal })
        const counts = data ? await dataDiffs(asking, diff) : []
        const texts = code ? await codeDiffs(asking, { from, to, diff }) : []
        if (json === true) return cli.out.json({ ...diff, data: counts, code: texts })
        for (const line of runDiffLines(diff, counts, cli.out.paint)) cli.out.line(line)
        for (const { file, before, after } of texts) {
          for (const line of codeDiffLines(file, withContext(textDiff(before, after)), cli.out.paint)) cli.out.line(line)
        }
      })
    })
}

interface Asking {
  cli: Cli
  client: StrataClient
}

async function dataDiffs({ cli, client }: Asking, { steps }: RunDiff): Promise<VersionDiff[]> {
  const diffs: VersionDiff[] = []
  for (const { dataset, data } of steps) {
    if (data === null || data.isSame) continue
    diffs.push(await client.compare.versions({ dataset, from: data.fromVersion, to: data.toVersion }, { signal: cli.signal }))
  }
  return diffs
}

interface CodeChange {
  dataset: string
  file: string
  before: string
  after: string
}

async function codeDiffs({ cli, client }: Asking, { from, to, diff }: { from: RunRef; to: RunRef; diff: RunDiff }): Promise<CodeChange[]> {
  const changes: CodeChange[] = []
  for (const { dataset, code, files } of diff.steps) {
    if (code !== 'changed') continue
    const changed = new Set(files.filter((file) => file.state !== 'same').map((file) => file.file))
    const texts = await client.compare.code({ from, to, dataset }, { signal: cli.signal })
    changes.push(...texts.files.filter(({ file }) => changed.has(file)).map(({ file, from: before, to: after }) => ({ dataset, file, before: before ?? '', after: after ?? '' })))
  }
  return changes
}
