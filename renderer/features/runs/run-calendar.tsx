import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useApi } from '../../api/api.tsx'
import { problemOf } from '../../api/problem-of.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { countOf, formatCount, formatDuration } from '../../ui/format.ts'
import { type CalendarCell, calendarWeeks, dayRange, localDay } from './run-calendar-model.ts'

const WEEKS = 53
const DAY_TEXT = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

interface RunCalendarProps {
  dataType: string | undefined
  /** The days that the list is narrowed to. */
  from: string | undefined
  to: string | undefined
  onChoose: (day: string | null) => void
}

function clockOfReader(): { today: string; timeZone: string } {
  return { today: localDay(Date.now()), timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone }
}

/** A year of runs, a square for each day. Arrow keys move, Enter narrows the list to the day. */
export function RunCalendar({ dataType, from, to, onChoose }: RunCalendarProps) {
  const { queries } = useApi()
  const [{ today, timeZone }] = useState(clockOfReader)
  const range = dayRange(calendarWeeks([], today, WEEKS)[0]?.cells[0]?.day ?? today, today)
  const calendar = useQuery(
    queries.history.calendar.queryOptions({
      input: { from: range.from ?? today, to: range.to ?? today, timeZone, ...(dataType === undefined ? {} : { dataType }) },
    }),
  )
  if (calendar.error !== null) return <ErrorState inline problem={problemOf(calendar.error)} onRetry={() => void calendar.refetch()} />
  const days = calendar.data?.days ?? []
  const runs = days.reduce((sum, day) => sum + day.runs, 0)
  const failed = days.reduce((sum, day) => sum + day.failed, 0)
  return (
    <section className='calendar' aria-label='Calendar of runs'>
      <Weeks weeks={calendarWeeks(days, today, WEEKS)} isChosen={(day) => from !== undefined && to !== undefined && day >= from && day <= to} onChoose={onChoose} />
      <div className='calendar-facts t3 s12'>
        <b>{formatCount(runs)}</b> {runs === 1 ? 'run' : 'runs'} on {countOf(days.length, 'day')} of the last year<br />
        {failed === 0 ? 'none failed' : <><span className='calendar-failed' aria-hidden='true' /> {formatCount(failed)} failed on {countOf(days.filter((day) => day.failed > 0).length, 'day')}</>}
      </div>
    </section>
  )
}

interface WeeksProps {
  weeks: ReturnType<typeof calendarWeeks>
  isChosen: (day: string) => boolean
  onChoose: (day: string | null) => void
}

function Weeks({ weeks, isChosen, onChoose }: WeeksProps) {
  const grid = useRef<HTMLDivElement>(null)
  const days = weeks.flatMap((week) => week.cells.map((cell) => cell.day))
  const [at, setAt] = useState(days.at(-1) ?? '')
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key]
    if (step === undefined) return
    event.preventDefault()
    const next = days[Math.min(days.length - 1, Math.max(0, days.indexOf(at) + step))]
    if (next === undefined) return
    setAt(next)
    grid.current?.querySelector<HTMLElement>(`[data-day="${next}"]`)?.focus()
  }
  return (
    <div className='calendar-weeks' role='group' aria-label='Days' ref={grid} onKeyDown={onKeyDown}>
      {weeks.map((week) => (
        <div className='calendar-week' key={week.cells[0]?.day}>
          <span className='calendar-month' aria-hidden='true'>{week.month}</span>
          {week.cells.map((cell) => (
            <button
              key={cell.day}
              type='button'
              data-day={cell.day}
              className={`calendar-day l${cell.level}${(cell.facts?.failed ?? 0) > 0 ? ' failed' : ''}`}
              aria-label={cellText(cell)}
              aria-pressed={isChosen(cell.day)}
              title={cellText(cell)}
              tabIndex={cell.day === at ? 0 : -1}
              onClick={() => {
                setAt(cell.day)
                onChoose(isChosen(cell.day) ? null : cell.day)
              }}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

const STEPS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 }

function cellText({ day, facts }: CalendarCell): string {
  const name = DAY_TEXT.format(Date.parse(day))
  if (facts === null) return `${name}: no run`
  const parts = [countOf(facts.runs, 'run'), facts.failed > 0 ? `${formatCount(facts.failed)} failed` : '', facts.degraded > 0 ? `${formatCount(facts.degraded)} degraded` : '', formatDuration(facts.durationMs)]
  return `${name}: ${parts.filter((part) => part !== '').join(', ')}`
}
