import type { RunRef } from '../../../shared/contract/runs.contract.ts'
import { ProblemError } from '../../../shared/domain/problem.ts'
import type { Ledger } from './ledger.ts'
import { int, intOrNull, text } from './rows.ts'

/** A run publishes once; what was promoted again later is another moment. */
const SELECT_MOMENT = `
SELECT p.id, r.number FROM publications p JOIN runs r ON r.id = p.run_id JOIN data_types t ON t.id = r.data_type_id
WHERE t.name = :dataType AND p.kind = 'publish'`

const SELECT_CURRENT_AFTER = `
SELECT d.name AS dataset, (
  SELECT m.to_version_id FROM promotions m WHERE m.dataset_id = d.id AND m.publication_id <= :publicationId ORDER BY m.publication_id DESC LIMIT 1
) AS version_id FROM datasets d`

/**
 * Version ids of everything that was current just after a run's publish, of all data types, by dataset.
 * @throws NOT_FOUND when the run never published
 */
export function versionsAsOf(ledger: Ledger, { dataType, runNumber }: RunRef): Map<string, number> {
  const moment = ledger.get(`${SELECT_MOMENT} AND r.number = :runNumber ORDER BY p.id DESC LIMIT 1`, { dataType, runNumber })
  if (moment === undefined) throw neverPublished(ledger, { dataType, runNumber })
  const rows = ledger.all(SELECT_CURRENT_AFTER, { publicationId: int(moment, 'id') })
  return new Map(rows.flatMap((row) => {
    const versionId = intOrNull(row, 'version_id')
    return versionId === null ? [] : [[text(row, 'dataset'), versionId] as const]
  }))
}

function neverPublished(ledger: Ledger, { dataType, runNumber }: RunRef): ProblemError {
  const before = ledger.get(`${SELECT_MOMENT} AND r.number < :runNumber ORDER BY r.number DESC LIMIT 1`, { dataType, runNumber })
  const after = ledger.get(`${SELECT_MOMENT} ORDER BY r.number DESC LIMIT 1`, { dataType })
  const nearest = before ?? after
  return new ProblemError('NOT_FOUND', `${dataType} #${runNumber} never published, so nothing was current as of it`, {
    hint: nearest === undefined ? `No run of ${dataType} has published yet` : `The nearest run that published is ${dataType} #${int(nearest, 'number')}`,
    details: { dataType, runNumber },
  })
}
