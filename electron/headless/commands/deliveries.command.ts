import type { Command } from 'commander'
import type { DeliveryEntry } from '../../../shared/contract/deliveries.contract.ts'
import type { Cli } from '../cli-session.ts'
import { parsePositive } from '../run-ref.ts'
import { formatAge, formatBytes, formatCount } from '../terminal/figures.ts'
import type { Cell } from '../terminal/table.ts'

const SHOWN = 200

/** `strata deliveries [dataset]`: which files came, and what became of their records. */
export function addDeliveriesCommand(program: Command, cli: Cli): void {
  program
    .command('deliveries')
    .description('list the files that came, and what became of their records')
    .argument('[dataset]', 'data_type.raw.name; without it, all')
    .option('--limit <count>', 'how many, newest first', parsePositive, SHOWN)
    .option('--json', 'one JSON document')
    .action(async (dataset: string | undefined, { limit, json }: { limit: number; json?: boolean }) => {
      const { total, deliveries } = await cli.withClient((client) => client.deliveries.list({ limit, ...(dataset === undefined ? {} : { dataset }) }, { signal: cli.signal }))
      if (json === true) return cli.out.json({ total, deliveries })
      if (deliveries.length === 0) return cli.out.line('No files yet')
      const now = Date.now()
      cli.out.table(
        [{ header: 'received' }, { header: 'dataset' }, { header: 'file' }, { header: 'from', maxWidth: 48 }, { header: 'seen', align: 'right' }, { header: 'loaded', align: 'right' }, { header: 'quarantined', align: 'right' }, { header: 'skipped', align: 'right' }, { header: 'size', align: 'right' }, { header: 'sha256' }, { header: '' }],
        deliveries.map((entry) => rowOf(entry, now)),
      )
      if (total > deliveries.length) cli.out.line(`${formatCount(total - deliveries.length)} more; --limit shows them`)
    })
}

function rowOf(entry: DeliveryEntry, now: number): Cell[] {
  const { receivedAt, dataset, fileName, origin, records, loaded, quarantined, skipped, sizeBytes, sha256, sameAs } = entry
  return [
    formatAge(receivedAt, now),
    dataset,
    { text: fileName, style: 'bold' },
    origin,
    formatCount(records),
    formatCount(loaded),
    (quarantined ?? 0) > 0 ? { text: formatCount(quarantined), style: 'yellow' } : formatCount(quarantined),
    formatCount(skipped),
    formatBytes(sizeBytes),
    sha256.slice(0, 12),
    sameAs === null ? '' : { text: `delivered again, same as ${sameAs}`, style: 'yellow' },
  ]
}
