import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import type { DataTypeOutline, Finding } from '../../../shared/contract/workspace.contract.ts'
import { dataAddress, goTo, pipelinesAddress } from '../../ui/addresses.ts'
import { countOf } from '../../ui/format.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { useStable } from '../../ui/use-stable.ts'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { type GraphNode, neighbourOf, STEP_HEIGHT, STEP_WIDTH, stepGraph, type StepGraph } from './step-graph.ts'
import './pipeline-graph.css'

interface PipelineGraphProps {
  dataType: DataTypeOutline
  /** Null while they are not known. */
  findings: readonly Finding[] | null
  file: PipelineFile
  /** The chosen step is the file that is open. */
  onGoTo: () => void
}

const NO_FINDINGS: readonly Finding[] = []
const ARROWS: Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' }

/** The steps of the data type as they are written, also before they are saved. Arrow keys walk it, Enter opens the file of a step. */
export function PipelineGraph({ dataType, findings, file, onGoTo }: PipelineGraphProps) {
  const known = useStable({ dataType, findings: findings ?? NO_FINDINGS })
  const graph = useMemo(() => stepGraph(known.dataType, known.findings), [known])
  const root = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<string | null>(null)
  const opened = graph.nodes.find((node) => isOf(node, file))
  const current = graph.nodes.find(({ id }) => id === at) ?? opened ?? graph.nodes[0]
  const open = (node: GraphNode): void => {
    if (node.file === file.path) onGoTo()
    else goTo(node.file === null ? dataAddress(node.id) : pipelinesAddress({ file: node.file }))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const arrow = ARROWS[event.key]
    if (arrow === undefined || current === undefined) return
    event.preventDefault()
    const next = neighbourOf(graph, current, arrow)
    if (next === null) return
    setAt(next.id)
    root.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(next.id)}"]`)?.focus()
  }
  if (graph.nodes.length === 0) return <p className='file-words t2'>This pipeline has no step yet. A source in pipeline.yaml is the first.</p>
  return (
    <div className='pg scroll' ref={root} role='group' aria-label={`Steps of ${dataType.name}: arrow keys walk them, Enter opens the file`} onKeyDown={onKeyDown}>
      {graph.ofPipeline.length > 0 && (
        <p className='pg-note s12'>
          <Icon name='warn' size={13} /> <a href={pipelinesAddress({ file: graph.ofPipeline[0]?.file ?? file.path, line: graph.ofPipeline[0]?.line ?? undefined })}>{countOf(graph.ofPipeline.length, 'problem')} in pipeline.yaml</a>
        </p>
      )}
      <div className='pg-plane' style={{ width: graph.width, height: graph.height }}>
        {graph.lanes.map(({ zone, x, width }, i) => (
          <div key={zone} className={`pg-lane z-${zone}`} style={i === graph.lanes.length - 1 ? { left: x, right: 0 } : { left: x, width }}>
            <span className='row row-4'><ZoneMark zone={zone} size={12} /><span className='cut'>{zone}</span></span>
          </div>
        ))}
        <Lines graph={graph} current={opened?.id ?? null} />
        {graph.nodes.map((node) => <StepNode key={node.id} node={node} isOpen={node === opened} isCurrent={node === current} onFocus={() => setAt(node.id)} onOpen={() => open(node)} />)}
      </div>
    </div>
  )
}

/** A contract and a test belong to the step that they are about; pipeline.yaml holds all sources. */
function isOf(node: GraphNode, { dataset, path }: PipelineFile): boolean {
  return dataset === null ? node.file === path : node.id === dataset
}

function Lines({ graph, current }: { graph: StepGraph; current: string | null }) {
  return (
    <svg className='pg-lines' width={graph.width} height={graph.height} aria-hidden='true'>
      {graph.edges.map(({ id, from, to }) => <path key={id} className={from.id === current || to.id === current ? 'on' : undefined} d={curve(from, to)} />)}
    </svg>
  )
}

function curve(from: GraphNode, to: GraphNode): string {
  const [x1, y1, x2, y2] = [from.x + STEP_WIDTH, from.y + STEP_HEIGHT / 2, to.x, to.y + STEP_HEIGHT / 2]
  const bend = Math.max(18, Math.abs(x2 - x1) / 2)
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}

const KINDS: Readonly<Record<GraphNode['kind'], { icon: IconName; word: string }>> = {
  extract: { icon: 'inbox', word: 'source' },
  sql: { icon: 'code', word: 'SQL' },
  entity: { icon: 'bolt', word: 'processor' },
  outside: { icon: 'table', word: 'of another data type' },
}

interface StepNodeProps {
  node: GraphNode
  isOpen: boolean
  isCurrent: boolean
  onFocus: () => void
  onOpen: () => void
}

function StepNode({ node, isOpen, isCurrent, onFocus, onOpen }: StepNodeProps) {
  const { id, name, kind, checkCount, gates, errors, x, y } = node
  const { icon, word } = KINDS[kind]
  const problems = problemWords(node)
  const gateWords = gates.length === 0 ? '' : `waits at ${gates.join(', ')}`
  return (
    <button
      type='button'
      className={`pg-node ${kind}${isOpen ? ' open' : ''}${errors > 0 ? ' wrong' : ''}`}
      style={{ left: x, top: y, width: STEP_WIDTH, height: STEP_HEIGHT }}
      data-step={id}
      tabIndex={isCurrent ? 0 : -1}
      aria-current={isOpen || undefined}
      aria-label={[id, word, problems, gateWords].filter((part) => part !== '').join(', ')}
      title={[id, gateWords].filter((part) => part !== '').join('\n')}
      onFocus={onFocus}
      onClick={onOpen}
    >
      <span className='pg-name'><Icon name={icon} size={12} /><span className='mono cut'>{name}</span>{gates.length > 0 && <Icon name='gate' size={12} />}</span>
      <span className='pg-sub'>{problems === '' ? <span className='cut'>{checkCount > 0 ? `${word}, ${countOf(checkCount, 'check')}` : word}</span> : <Problems isError={errors > 0} words={problems} />}</span>
    </button>
  )
}

function problemWords({ errors, warnings }: GraphNode): string {
  return [...(errors > 0 ? [countOf(errors, 'error')] : []), ...(warnings > 0 ? [countOf(warnings, 'warning')] : [])].join(', ')
}

function Problems({ isError, words }: { isError: boolean; words: string }) {
  return <span className={`cut ${isError ? 'failed' : 'degraded'}`}><Icon name={isError ? 'close' : 'warn'} size={11} /> {words}</span>
}
