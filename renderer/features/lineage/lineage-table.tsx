import type { LineageGraph } from '../../../shared/contract/lineage.contract.ts'
import { dataAddress, runAddress } from '../../ui/addresses.ts'
import { formatCount } from '../../ui/format.ts'
import { Status } from '../../ui/status.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'
import { nodeStatus } from './lineage-flow.ts'
import type { Neighbours } from './neighbourhood.ts'

interface LineageTableProps {
  graph: LineageGraph
  neighbours: Neighbours
  visible: ReadonlySet<string>
  selected: string | null
  onSelect: (dataset: string) => void
}

/** The graph in words: the same for those who cannot see it, and for those who would rather read. */
export function LineageTable({ graph, neighbours, visible, selected, onSelect }: LineageTableProps) {
  return (
    <div className='ln-table scroll' tabIndex={0} role='region' aria-label='Lineage as a table'>
      <table className='t'>
        <thead>
          <tr><th scope='col'>Dataset</th><th scope='col'>Zone</th><th scope='col'>State</th><th scope='col' className='num'>Rows</th><th scope='col'>Version</th><th scope='col'>Made from</th><th scope='col'>Read by</th></tr>
        </thead>
        <tbody>
          {graph.nodes.filter((node) => visible.has(node.dataset)).map((node) => {
            const { status, word } = nodeStatus(node)
            return (
              <tr key={node.dataset} className={node.dataset === selected ? 'sel' : undefined} onClick={() => onSelect(node.dataset)}>
                <td className='mono'>{node.version === null ? node.dataset : <a href={dataAddress(node.dataset)}>{node.dataset}</a>}</td>
                <td><span className='row row-4'><ZoneMark zone={node.zone} />{node.zone}</span></td>
                <td><Status status={status} text={word} /></td>
                <td className='num'>{node.rowCount === null ? '' : formatCount(node.rowCount)}</td>
                <td>{node.version === null ? 'not made yet' : <>v{node.version}{node.runNumber !== null && <>, <a href={runAddress({ dataType: node.dataType, runNumber: node.runNumber })}>run #{node.runNumber}</a></>}</>}</td>
                <td className='mono'>{(neighbours.upstream.get(node.dataset) ?? []).join(', ')}</td>
                <td className='mono'>{(neighbours.downstream.get(node.dataset) ?? []).join(', ')}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
