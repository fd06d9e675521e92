import { CHART_KINDS, type ChartSpec, isContinuous, isTemporal, measuresOf, TIME_BUCKETS } from '../../../shared/domain/chart.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { Segmented } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { BUCKET_WORDS, type ChartChoice, choiceOf, KIND_WORDS, MEASURE_WORDS, specOf } from './chart-spec.ts'

interface ChartFormProps {
  spec: ChartSpec
  columns: readonly Column[]
  onSpec: (spec: ChartSpec) => void
}

/** What is drawn of what. */
export function ChartForm({ spec, columns, onSpec }: ChartFormProps) {
  const choice = choiceOf(spec)
  const choose = (change: Partial<ChartChoice>): void => {
    const next = specOf({ ...choice, ...change }, columns)
    if (next !== null) onSpec(next)
  }
  const needsLine = spec.kind === 'histogram' || spec.kind === 'scatter'
  const x = columns.find(({ name }) => name === spec.x)
  return (
    <div className='chart-form'>
      <Segmented label='Kind of chart' value={spec.kind} options={CHART_KINDS.map((value) => ({ value, label: KIND_WORDS[value] }))} onChange={(kind) => choose({ kind })} />
      <Picker label='Along' value={spec.x} names={namesOf(columns, needsLine)} onChange={(name) => choose({ x: name })} />
      {x !== undefined && isTemporal(x) && 'bucket' in spec && (
        <SelectField small label='Time' value={spec.bucket} options={TIME_BUCKETS.map((value) => ({ value, label: BUCKET_WORDS[value] }))} onChange={(bucket) => choose({ bucket })} width={104} />
      )}
      <MeasureFields spec={spec} choice={choice} columns={columns} onChoose={choose} />
      <SeriesField spec={spec} columns={columns} onChoose={choose} />
    </div>
  )
}

interface FieldsProps {
  spec: ChartSpec
  columns: readonly Column[]
  onChoose: (change: Partial<ChartChoice>) => void
}

function MeasureFields({ spec, choice, columns, onChoose }: FieldsProps & { choice: ChartChoice }) {
  if (spec.kind === 'histogram') return null
  if (spec.kind === 'scatter') return <Picker label='Up' value={spec.y} names={namesOf(columns, true)} onChange={(y) => onChoose({ y })} />
  const measured = columns.find(({ name }) => name === choice.y) ?? null
  return (
    <>
      <Picker label='Of' value={choice.y ?? ''} none='rows' names={namesOf(columns, false)} onChange={(name) => onChoose(name === '' ? { y: null, measure: 'count' } : { y: name, measure: measuresOf(columns.find((column) => column.name === name) ?? null).includes('sum') ? 'sum' : 'count' })} />
      {measured !== null && <SelectField small label='Measure' value={choice.measure} options={measuresOf(measured).map((value) => ({ value, label: MEASURE_WORDS[value] }))} onChange={(measure) => onChoose({ measure })} width={96} />}
    </>
  )
}

function SeriesField({ spec, columns, onChoose }: FieldsProps) {
  if (spec.kind === 'histogram') return null
  const names = columns.filter((column) => !column.isProvenance).map(({ name }) => name)
  if (spec.kind === 'heat') return <Picker label='Across' value={spec.across} names={names} onChange={(series) => onChoose({ series })} />
  return <Picker label='Colour' value={spec.series ?? ''} none='one' names={names} onChange={(name) => onChoose({ series: name === '' ? null : name })} />
}

function namesOf(columns: readonly Column[], onlyLines: boolean): string[] {
  return columns.filter((column) => !onlyLines || isContinuous(column)).map(({ name }) => name)
}

interface PickerProps {
  label: string
  value: string
  /** Shown for no column. */
  none?: string
  names: readonly string[]
  onChange: (name: string) => void
}

function Picker({ label, value, none, names, onChange }: PickerProps) {
  const options = [...(none === undefined ? [] : [{ value: '', label: none }]), ...names.map((name) => ({ value: name, label: name }))]
  return (
    <span className='chart-pick'>
      <span className='t2 s12' aria-hidden='true'>{label}</span>
      <SelectField small label={label} value={value} options={options} onChange={onChange} width={148} />
    </span>
  )
}
