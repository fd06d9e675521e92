import type { PipelineFile } from '../../../shared/contract/pipelines.contract.ts'
import { shortDatasetName } from '../../../shared/domain/naming.ts'
import type { SqlNames } from '../../../shared/contract/sql-pad.contract.ts'
import type { YamlNames } from './complete-yaml.ts'

/** Datasets and columns by where they are named in a contract or a test. */
export function yamlNames({ kind, dataType, dataset }: Pick<PipelineFile, 'kind' | 'dataType' | 'dataset'>, datasets: SqlNames['datasets']): YamlNames {
  const shortName = (id: string): string => shortDatasetName(id, dataType)
  const all = datasets.map((known) => shortName(known.dataset))
  const own = datasets.filter((known) => known.dataset.startsWith(`${dataType ?? ''}.`) && !known.dataset.includes('.raw.')).map((known) => shortName(known.dataset))
  const columns = datasets.find((known) => known.dataset === dataset)?.columns.map(({ name }) => name) ?? []
  return {
    keysAt: (path) => {
      const place = path.join('.')
      if (kind === 'contract' && place === 'columns') return columns
      if (kind !== 'test') return []
      if (place === 'given') return all
      return path[0] === 'given' && path.length === 3 ? (datasets.find((known) => shortName(known.dataset) === path[1])?.columns.map(({ name }) => name) ?? []) : []
    },
    valuesAt: (path) => {
      const place = path.join('.')
      if (kind === 'test' && place === 'step') return own
      if (kind !== 'contract') return []
      if (place === 'key' || place === 'entity.key') return columns
      if (place === 'entity.input') return all
      return /^columns\.[^.]+\.rules\.\*\.relationship\.to$/.test(place) ? all : []
    },
  }
}
