import type { Column } from '../../shared/domain/table-query.ts'
import { Icon } from './icon.tsx'
import './mask-mark.css'

/** Says of a sensitive column whether its values are masked; nothing of any other. */
export function MaskMark({ column }: { column: Pick<Column, 'isSensitive' | 'isMasked'> }) {
  if (column.isSensitive !== true) return null
  const isMasked = column.isMasked === true
  return (
    <span className={`mask-mark${isMasked ? '' : ' open'}`} title={isMasked ? 'Its values are sensitive and are masked' : 'Its values are sensitive, and are revealed to you for a while'}>
      <Icon name={isMasked ? 'mask' : 'warn'} size={11} />
      {isMasked ? 'masked' : 'revealed'}
    </span>
  )
}
