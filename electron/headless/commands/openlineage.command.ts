import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import type { Cli } from '../cli-session.ts'
import { parsePositive, parseRunRef } from '../run-ref.ts'
import { formatAge, formatBytes, formatCount } from '../terminal/figures.ts'

interface OpenLineageOptions {
  to?: string
  limit: number
  state?: boolean
}

/** `strata openlineage drugs#18 --to events.ndjson`: runs as OpenLineage events, for those who gather lineage elsewhere. */
export function addOpenLineageCommand(program: Command, cli: Cli): void {
  program
    .command('openlineage')
    .description('write runs as OpenLineage events, one JSON document a line: of one run, or of the newest runs, oldest first')
    .argument('[run]', 'data_type, or data_type#number; without it, runs of all data types', parseWhich)
    .option('--to <file>', 'file to write; without it, the events go to standard output')
    .option('-n, --limit <number>', 'how many runs at most', parsePositive, 100)
    .option('--state', 'instead: where events of runs go by strata.yaml, and how far that is')
    .action(async (which: Partial<RunRef> | undefined, { to, limit, state }: OpenLineageOptions) => {
      if (state === true) return showState(cli)
      const { events } = await cli.withClient((client) => client.lineage.openLineage({ ...which, limit }, { signal: cli.signal }))
      if (to === undefined) return events.forEach((event) => cli.out.jsonLine(event))
      const file = resolve(to)
      await writeFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
      cli.out.line(`${formatCount(events.length)} events in ${file}`)
    })
}

/** Only the data type, or a run of it. */
function parseWhich(text: string): Partial<RunRef> {
  if (text.includes('#')) return parseRunRef(text)
  if (!/^[a-z][a-z0-9_]*$/.test(text)) throw new InvalidArgumentError('Give a data type, such as drugs, or a run of it, such as drugs#18')
  return { dataType: text }
}

async function showState({ withClient, out, signal }: Cli): Promise<void> {
  const { namespace, file, url, waitingBytes, sent, refused, lastSentAt, problem } = await withClient((client) => client.lineage.openLineageState(undefined, { signal }))
  if (file === null && url === null) return out.line('Events of runs go nowhere: strata.yaml has no lineage.openlineage')
  out.line(`namespace  ${namespace}`)
  if (file !== null) out.line(`file       ${file}`)
  if (url === null) return
  out.line(`endpoint   ${url}`)
  out.line(`sent       ${formatCount(sent)}${lastSentAt === null ? '' : `, the last ${formatAge(lastSentAt, Date.now())}`}${refused === 0 ? '' : `; ${formatCount(refused)} were refused and are kept`}`)
  out.line(`waiting    ${waitingBytes === 0 ? 'nothing' : formatBytes(waitingBytes)}${problem === null ? '' : `: ${problem}`}`)
}
