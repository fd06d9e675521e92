import type { ComparedStep, RunDiff, SchemaDiff } from '../../../shared/contract/compare.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { PanelHead } from '../../ui/bars.tsx'
import { countOf, formatDuration } from '../../ui/format.ts'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { CodeDiff } from './code-diff.tsx'
import { countDifference } from './compare-words.ts'
import '../../ui/table.css'

interface CompareStepsProps {
  diff: RunDiff
  chosen: ComparedStep | undefined
  onChoose: (dataset: string) => void
}

/** The steps with code, time and rows; below, the code and the columns of the chosen one. */
export function CompareSteps({ diff, chosen, onChoose }: CompareStepsProps) {
  const longest = Math.max(1, ...diff.steps.flatMap((step) => [step.from?.durationMs ?? 0, step.to?.durationMs ?? 0]))
  return (
    <div className='compare-steps'>
      <PanelHead title='Steps' remark='code, time and rows' />
      <div className='scroll compare-step-list'>
        <table className='t'>
          <colgroup><col /><col style={{ width: 84 }} /><col style={{ width: 82 }} /><col style={{ width: 66 }} /></colgroup>
          <thead><tr><th scope='col'>Step</th><th scope='col'>Code</th><th scope='col'>Time A, B</th><th scope='col' className='num'>Rows</th></tr></thead>
          <tbody>
            {diff.steps.map((step) => (
              <tr key={step.dataset} ref={step === chosen ? inSight : undefined} className={step === chosen ? 'sel' : undefined} onClick={() => onChoose(step.dataset)}>
                <td><StepName step={step} chosen={step === chosen} onChoose={onChoose} /></td>
                <td className={step.code === 'same' || step.code === 'unknown' ? 't3' : 'chg strong'}>{step.code === 'same' || step.code === 'unknown' ? CODE_WORDS[step.code] : `→ ${CODE_WORDS[step.code]}`}</td>
                <td><Times step={step} longest={longest} /></td>
                <td className='num'>{rowsText(step)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen !== undefined && <CodeDiff key={chosen.dataset} diff={diff} step={chosen} />}
      {chosen?.data != null && hasChange(chosen.data.schema) && <Schema schema={chosen.data.schema} />}
    </div>
  )
}

/** The chosen step may be far down the list. */
function inSight(row: HTMLTableRowElement | null): void {
  row?.scrollIntoView({ block: 'nearest' })
}

const CODE_WORDS: Readonly<Record<ComparedStep['code'], string>> = { same: 'same', changed: 'changed', added: 'new step', removed: 'gone', unknown: 'not recorded' }

function StepName({ step, chosen, onChoose }: { step: ComparedStep; chosen: boolean; onChoose: (dataset: string) => void }) {
  const name = parseDatasetId(step.dataset)
  return (
    <button type='button' className='compare-step' aria-pressed={chosen} onClick={() => onChoose(step.dataset)} title={step.dataset}>
      {name !== null && <ZoneMark zone={name.zone} size={13} />}
      <span className='mono cut'>{name === null ? step.dataset : `${name.zone}.${name.name}`}</span>
    </button>
  )
}

function Times({ step, longest }: { step: ComparedStep; longest: number }) {
  const [from, to] = [step.from?.durationMs ?? null, step.to?.durationMs ?? null]
  const text = (ms: number | null): string => (ms === null ? 'not run' : formatDuration(ms))
  return (
    <span className='compare-times' role='img' aria-label={`${text(from)} and ${text(to)}`} title={`A ${text(from)}, B ${text(to)}`}>
      <i style={{ width: `${((from ?? 0) / longest) * 100}%` }} />
      <i style={{ width: `${((to ?? 0) / longest) * 100}%` }} />
    </span>
  )
}

function rowsText({ from, to }: ComparedStep): string {
  const text = countDifference(from?.rowsOut ?? null, to?.rowsOut ?? null)
  return text === 'same' ? '' : text
}

function hasChange({ added, removed, retyped }: SchemaDiff): boolean {
  return added.length + removed.length + retyped.length > 0
}

function Schema({ schema: { added, removed, retyped } }: { schema: SchemaDiff }) {
  return (
    <section aria-label='Schema'>
      <PanelHead title='Schema' remark={[added.length > 0 ? `${countOf(added.length, 'column')} added` : '', removed.length > 0 ? `${countOf(removed.length, 'column')} removed` : '', retyped.length > 0 ? `${countOf(retyped.length, 'column')} of another type` : ''].filter((part) => part !== '').join(', ')} />
      <ul className='compare-schema'>
        {added.map((column) => <li key={column.name}><b className='add'>+</b> <span className='mono'>{column.name}</span> <span className='t3'>{column.type}</span></li>)}
        {removed.map((column) => <li key={column.name}><b className='del'>−</b> <span className='mono'>{column.name}</span> <span className='t3'>{column.type}</span></li>)}
        {retyped.map((column) => <li key={column.name}><b className='chg'>→</b> <span className='mono'>{column.name}</span> <span className='t3'>{column.from} → {column.to}</span></li>)}
      </ul>
    </section>
  )
}
