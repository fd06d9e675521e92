import { Fragment } from 'react'
import type { DatasetCard as Card, DataTypeOutline, Overview } from '../../../shared/contract/workspace.contract.ts'
import { orderDataTypes } from '../../../shared/domain/data-type-order.ts'
import { FINISHED_RUN_STATES } from '../../../shared/domain/run-status.ts'
import { ZONES, type Zone } from '../../../shared/domain/zone.ts'
import { runAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { countOf } from '../../ui/format.ts'
import { runStatus, runWord, StatusMark } from '../../ui/status.tsx'
import { TimeAgo } from '../../ui/time-ago.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { DatasetCard } from './dataset-card.tsx'

/** Above this, cards are dense, so that the map stays one look. */
const ROOMY_CARDS = 24

type TypeState = Overview['dataTypes'][number]

interface ZoneMapProps {
  overview: Overview
  outlines: readonly DataTypeOutline[]
  onRun: (dataType: string) => void
}

/** Five lanes, a row per data type in the order in which they read each other, a card per dataset. */
export function ZoneMap({ overview, outlines, onRun }: ZoneMapProps) {
  const dense = overview.cards.length > ROOMY_CARDS
  const order = orderDataTypes(outlines).map((type) => type.name)
  const types = overview.dataTypes.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name))
  return (
    <section className='zone-map' aria-label='Zone map'>
      <div className='zone-corner' />
      {ZONES.map((zone) => (
        <div key={zone} className={`zone-lane z-${zone}`}>
          <div className='name'><ZoneMark zone={zone} />{zone}</div>
          <div className='sum cut'>{laneSummary(zone, overview.cards)}</div>
        </div>
      ))}
      {types.map((type, index) => {
        const last = index === types.length - 1
        const outline = outlines.find((candidate) => candidate.name === type.name)
        return (
          <Fragment key={type.name}>
            <TypeHead type={type} last={last} outline={outline} onRun={onRun} />
            {ZONES.map((zone) => (
              <div key={zone} className={`zone-cell z-${zone}${last ? ' last' : ''}`} role='group' aria-label={`${type.name}, ${zone}`}>
                {overview.cards.filter((card) => card.dataType === type.name && card.zone === zone).map((card) => (
                  <DatasetCard key={card.dataset} card={card} kind={outline?.steps.find((step) => step.dataset === card.dataset)?.kind} dense={dense} />
                ))}
              </div>
            ))}
          </Fragment>
        )
      })}
    </section>
  )
}

interface TypeHeadProps {
  type: TypeState
  last: boolean
  outline: DataTypeOutline | undefined
  onRun: (dataType: string) => void
}

function TypeHead({ type, last, outline, onRun }: TypeHeadProps) {
  const run = type.lastRun
  const live = run !== null && !FINISHED_RUN_STATES.has(run.state)
  const blocked = outline?.runnable === false ? 'Its files have mistakes: see the findings at the right' : null
  return (
    <div className={`type-head${last ? ' last' : ''}`}>
      <div>
        <div className='name' title={outline?.label ?? type.name}>{type.name}</div>
        {run === null ? <div className='t3 s12'>never run</div> : (
          <>
            <a className={`status st-${runStatus(run)}`} href={runAddress({ dataType: type.name, runNumber: run.runNumber })}>
              <StatusMark status={runStatus(run)} />
              <span>#{run.runNumber} {runWord(run).toLowerCase()}</span>
            </a>
            <div className='t3 s11'>{live ? 'started ' : ''}<TimeAgo at={run.at} /></div>
          </>
        )}
        <div className='actions'>
          {live ? <LinkButton small href={runAddress({ dataType: type.name, runNumber: run.runNumber })}>Open run</LinkButton> : (
            <Button small icon='play' iconSize={11} disabledReason={blocked} title={`Plan and run ${type.name}`} onClick={() => onRun(type.name)}>Run</Button>
          )}
        </div>
      </div>
    </div>
  )
}

function laneSummary(zone: Zone, cards: readonly Card[]): string {
  const mine = cards.filter((card) => card.zone === zone)
  const quarantined = mine.reduce((sum, card) => sum + card.quarantined, 0)
  const count = countOf(mine.length, 'dataset')
  if (quarantined > 0) return `${count}, ${quarantined} in quarantine`
  return zone === 'raw' && mine.length > 0 ? `${count}, frozen as delivered` : count
}
