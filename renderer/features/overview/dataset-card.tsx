import type { DatasetCard as Card, StepKind } from '../../../shared/contract/workspace.contract.ts'
import { checkCountsText, checkTotal } from '../../../shared/domain/check-counts.ts'
import { dataAddress, lineageAddress, runAddress } from '../../ui/addresses.ts'
import { countOf, formatCount, formatShare, sentence } from '../../ui/format.ts'
import { Progress } from '../../ui/progress.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Status, type StatusName } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'

interface DatasetCardProps {
  card: Card
  kind: StepKind | undefined
  /** Two lines instead of three, for maps of many datasets: the line of rows over versions goes. */
  dense: boolean
}

/** One dataset of the zone map: name, rows, rows over versions, state, age. Leads to its data. */
export function DatasetCard({ card, kind, dense }: DatasetCardProps) {
  const running = isRunning(card)
  const { status, text } = cardStatus(card)
  return (
    <a className={['card ds', dense && 'dense', running && 'busy'].filter(Boolean).join(' ')} href={cardAddress(card)} title={card.dataset}>
      <div className='top'>
        <span className='t'>{card.name}</span>
        <div className='m'>
          {card.rowCount !== null && <b>{formatCount(card.rowCount)}</b>}
          {!dense && <Sparkline values={card.history} unit='rows' />}
        </div>
      </div>
      <div className='f'>
        <Status small status={status} text={text} title={cardTitle(card)} />
        {card.publishedAt === null ? <span className='none'>{kind && KIND_WORDS[kind]}</span> : <TimeAgo bare at={card.publishedAt} />}
      </div>
      {running && <Progress label={`Progress of ${card.dataset}`} share={shareOf(card)} />}
    </a>
  )
}

const KIND_WORDS: Readonly<Record<StepKind, string>> = { extract: 'reads files', sql: 'SQL step', entity: 'entity step' }
const ACTIVE: ReadonlySet<string> = new Set(['running', 'retrying'])
const LIVE_STATUS: Readonly<Record<string, StatusName>> = {
  pending: 'pending', running: 'running', retrying: 'retrying', waiting: 'waiting', succeeded: 'succeeded', reused: 'reused', failed: 'failed', skipped: 'skipped', cancelled: 'cancelled',
}

function isRunning({ live }: Card): boolean {
  return live !== null && ACTIVE.has(live.state)
}

function shareOf({ live }: Card): number | null {
  return live === null ? null : live.share
}

/** What the card says under its rows: a living run first, then checks, then quarantine. */
export function cardStatus(card: Card): { status: StatusName; text: string } {
  if (card.live !== null) {
    const status = LIVE_STATUS[card.live.state] ?? 'running'
    const share = card.live.share
    return { status, text: status === 'running' && share !== null ? `Running ${formatShare(share)}` : sentence(card.live.state) }
  }
  if (card.version === null) return { status: 'pending', text: 'Not made yet' }
  if (card.damagedFiles > 0) return { status: 'failed', text: `${countOf(card.damagedFiles, 'file')} changed` }
  const { passed, warned, blocked } = card.checks
  const total = checkTotal(card.checks)
  if (blocked > 0) return { status: 'failed', text: `${passed} of ${total} checks` }
  if (warned > 0) return { status: 'warning', text: `${passed} of ${total} checks` }
  if (card.quarantined > 0) return { status: 'quarantined', text: `${formatCount(card.quarantined)} quarantined` }
  return total > 0 ? { status: 'succeeded', text: `${passed} of ${total} checks` } : { status: 'succeeded', text: 'Published' }
}

function cardTitle(card: Card): string {
  const facts = [
    card.version === null ? 'No version yet' : `Version ${card.version}, run #${card.runNumber ?? ''}`,
    checkTotal(card.checks) === 0 ? 'no checks' : checkCountsText(card.checks),
    `${countOf(card.quarantined, 'record')} in quarantine`,
    ...(card.damagedFiles === 0 ? [] : [`${countOf(card.damagedFiles, 'file')} not as Strata wrote ${card.damagedFiles === 1 ? 'it' : 'them'}`]),
  ]
  return facts.join('; ')
}

/** Data where there is some; else the run that makes it; else where it would come from. */
function cardAddress(card: Card): string {
  if (card.version !== null) return dataAddress(card.dataset)
  if (card.live !== null) return runAddress({ dataType: card.dataType, runNumber: card.live.runNumber })
  return lineageAddress(card.dataset)
}
