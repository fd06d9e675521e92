import type { Delivery, RunDetail, RunStep } from '../../../shared/contract/runs.contract.ts'
import { parseDatasetId } from '../../../shared/domain/naming.ts'
import { dataAddress } from '../../ui/addresses.ts'
import { PanelHead, SidePanel } from '../../ui/bars.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf, formatAbsolute, formatBytes, formatCount, sentence, shortHash } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import '../../ui/table.css'

interface Input {
  dataset: string
  version: number
}

/** Versions that the run read but did not make: pinned when it was planned. */
export function outsideInputs(steps: readonly RunStep[]): Input[] {
  const made = new Set(steps.map((step) => step.dataset))
  const inputs = new Map<string, Input>()
  for (const input of steps.flatMap((step) => step.inputs)) if (!made.has(input.dataset)) inputs.set(`${input.dataset}@${input.version}`, input)
  return [...inputs.values()].sort((a, b) => a.dataset.localeCompare(b.dataset))
}

/** Everything the run read and wrote, in full: files with their hash, versions with their rows. */
export function RunReadsAndWrites({ detail }: { detail: RunDetail }) {
  const { deliveries, steps } = detail
  return (
    <section className='io scroll' aria-label='Reads and writes' tabIndex={0}>
      <PanelHead title='Files read' remark={deliveries.length === 0 ? undefined : 'kept exactly as delivered; read = loaded + quarantined + skipped'} />
      {deliveries.length === 0 ? <EmptyState inline title='No file was read yet' /> : <Deliveries deliveries={deliveries} />}
      <Inputs inputs={outsideInputs(steps)} />
      <PanelHead title='Datasets written' remark='published together at the end' />
      <Outputs steps={steps} />
    </section>
  )
}

function Deliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  return (
    <table className='t' style={{ tableLayout: 'auto' }}>
      <thead>
        <tr>
          <th scope='col'>File</th>
          <th scope='col'>Delivered from</th>
          <th scope='col'>SHA-256</th>
          <th scope='col' className='num'>Size</th>
          <th scope='col' className='num'>Read</th>
          <th scope='col' className='num'>Loaded</th>
          <th scope='col' className='num'>Quarantined</th>
          <th scope='col' className='num'>Skipped</th>
          <th scope='col' className='num'>Received</th>
        </tr>
      </thead>
      <tbody>
        {deliveries.map((delivery) => (
          <tr key={`${delivery.dataset} ${delivery.sha256} ${delivery.fileName}`}>
            <td className='mono' title={delivery.dataset}>{delivery.fileName}</td>
            <td className='mono t2' style={{ maxWidth: 280 }} title={delivery.origin}>{delivery.origin}</td>
            <td><span className='hash' title={delivery.sha256}>{shortHash(delivery.sha256)}</span></td>
            <td className='num'>{formatBytes(delivery.sizeBytes)}</td>
            <td className='num'>{formatCount(delivery.records)}</td>
            <td className='num'>{formatCount(delivery.loaded)}</td>
            <td className='num'>{formatCount(delivery.quarantined)}</td>
            <td className='num' title={delivery.sameAs === null ? undefined : `same content as ${delivery.sameAs}`}>{formatCount(delivery.skipped)}</td>
            <td className='num t2'>{formatAbsolute(delivery.receivedAt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Inputs({ inputs }: { inputs: readonly Input[] }) {
  if (inputs.length === 0) return null
  return (
    <>
      <PanelHead title='Datasets read' remark='of other data types, at exact versions' />
      <table className='t'>
        <colgroup><col style={{ width: '40%' }} /><col style={{ width: 90 }} /><col /></colgroup>
        <thead><tr><th scope='col'>Dataset</th><th scope='col' className='num'>Version</th><td /></tr></thead>
        <tbody>
          {inputs.map((input) => (
            <tr key={`${input.dataset}@${input.version}`}>
              <td className='mono'><a href={dataAddress(input.dataset, { v: input.version })}>{input.dataset}</a></td>
              <td className='num'>v{input.version}</td>
              <td />
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Outputs({ steps }: { steps: readonly RunStep[] }) {
  return (
    <table className='t'>
      <colgroup>
        <col style={{ width: '26%' }} />
        <col style={{ width: 116 }} />
        <col style={{ width: 76 }} />
        <col style={{ width: 92 }} />
        <col style={{ width: 96 }} />
        <col style={{ width: 88 }} />
        <col />
      </colgroup>
      <thead>
        <tr>
          <th scope='col'>Dataset</th>
          <th scope='col'>State</th>
          <th scope='col' className='num'>Version</th>
          <th scope='col' className='num'>Rows</th>
          <th scope='col' className='num'>Quarantined</th>
          <th scope='col' className='num'>Size</th>
          <th scope='col'>Made from</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={step.dataset}>
            <td className='mono'>{step.version === null ? step.dataset : <a href={dataAddress(step.dataset, { v: step.version })}>{step.dataset}</a>}</td>
            <td><Status status={step.state} /></td>
            <td className='num'>{step.version === null ? '' : `v${step.version}`}</td>
            <td className='num'>{step.rowsOut === null ? '' : formatCount(step.rowsOut)}</td>
            <td className='num'>{step.quarantined === 0 ? '' : formatCount(step.quarantined)}</td>
            <td className='num'>{step.sizeBytes === null ? '' : formatBytes(step.sizeBytes)}</td>
            <td className='mono t2' title={inputsText(step)}>{inputsText(step)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function inputsText(step: RunStep): string {
  return step.inputs.map((input) => `${input.dataset} v${input.version}`).join(', ')
}

/** The same in short, beside the steps. */
export function RunIoPanel({ detail: { deliveries, steps, run } }: { detail: RunDetail }) {
  const inputs = outsideInputs(steps)
  const reads = deliveries.length + inputs.length
  return (
    <SidePanel label='Reads and writes'>
      <PanelHead title='Reads' remark={reads === 0 ? 'nothing yet' : countOf(reads, 'pinned input')} />
      <div className='scroll' tabIndex={0} role='group' aria-label='What the run reads' style={{ maxHeight: '42%' }}>
        <div className='block'>
          {reads === 0 && <p className='s12 t3'>Files and versions appear here when a step reads them.</p>}
          {deliveries.map((delivery) => (
            <div className='rw' key={`${delivery.dataset} ${delivery.sha256} ${delivery.fileName}`}>
              <ZoneMark zone='raw' />
              <span className='what cut' title={delivery.origin}>{delivery.fileName}</span>
              <span className='num'>{formatCount(delivery.records)}</span>
              <span className='s' title={delivery.sha256}>SHA-256 {shortHash(delivery.sha256)}, {formatBytes(delivery.sizeBytes)}</span>
            </div>
          ))}
          {inputs.map((input) => (
            <div className='rw' key={`${input.dataset}@${input.version}`}>
              <ZoneMark zone={parseDatasetId(input.dataset)?.zone ?? 'curated'} />
              <a className='what cut' href={dataAddress(input.dataset, { v: input.version })} title={input.dataset}>{input.dataset}</a>
              <span className='num'>v{input.version}</span>
            </div>
          ))}
        </div>
      </div>
      <PanelHead title='Writes' remark={run.state === 'succeeded' ? 'published together' : 'published together at the end'} />
      <div className='scroll grow' tabIndex={0} role='group' aria-label='What the run writes'>
        <div className='block'>{steps.map((step) => <Write key={step.dataset} step={step} published={run.state === 'succeeded'} />)}</div>
      </div>
    </SidePanel>
  )
}

function Write({ step, published }: { step: RunStep; published: boolean }) {
  const name = `${step.zone}.${step.name}`
  return (
    <div className='rw'>
      <ZoneMark zone={step.zone} />
      {step.version === null ? <span className='what cut' title={step.dataset}>{name}</span> : <a className='what cut' href={dataAddress(step.dataset, { v: step.version })} title={step.dataset}>{name}</a>}
      <span className='num'>{step.rowsOut === null ? '' : formatCount(step.rowsOut)}</span>
      <span className='s'>{writeText(step, published)}</span>
    </div>
  )
}

function writeText(step: RunStep, published: boolean): string {
  const quarantined = step.quarantined > 0 ? `; ${formatCount(step.quarantined)} in quarantine` : ''
  if (step.version !== null) return `v${step.version}, ${published ? 'published' : 'on disk, not yet current'}${quarantined}`
  return `${step.state === 'running' ? 'being written' : sentence(step.state).toLowerCase()}${quarantined}`
}
