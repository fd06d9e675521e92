import type { AuditEntry } from '../../../shared/contract/audit.contract.ts'
import { actorText } from '../../../shared/domain/actor.ts'
import { auditAddress, runAddress } from '../../ui/addresses.ts'
import { SidePanel } from '../../ui/bars.tsx'
import { LinkButton } from '../../ui/button.tsx'
import { formatAbsolute, sentence } from '../../ui/format.ts'
import { factsOf } from './change-text.ts'

/** Everything that one entry says. */
export function AuditPanel({ entry }: { entry: AuditEntry }) {
  const { seq, at, actor, action, target, details, before, after, hash } = entry
  const [, dataType, runNumber] = /^(\S+) #(\d+)$/.exec(target) ?? []
  return (
    <SidePanel label={`Entry ${seq}`}>
      <div className='scroll grow' tabIndex={0} role='group' aria-label={`Entry ${seq}`}>
        <div className='block audit-head'>
          <h2>{sentence(action)} <span className='mono'>{target}</span></h2>
          <dl className='kv'>
            <dt>Entry</dt><dd>{seq}</dd>
            <dt>When</dt><dd>{formatAbsolute(at)}</dd>
            <dt>Who</dt><dd>{actorText(actor)}</dd>
          </dl>
          <div className='row audit-links'>
            {dataType !== undefined && runNumber !== undefined && <LinkButton small href={runAddress({ dataType, runNumber: Number(runNumber) })}>Open run</LinkButton>}
            <LinkButton small href={auditAddress({ target })}>All of this subject</LinkButton>
          </div>
        </div>
        <Facts title='Facts' value={details} />
        {(before !== null || after !== null) && <Change before={before} after={after} />}
        <section className='block'>
          <h3>Seal</h3>
          <p className='mono s11 t2 wrap'>{hash}</p>
          <p className='t3 s12'>SHA-256 of this entry and the seal of the one before: a change or a gap shows when the trail is verified.</p>
        </section>
      </div>
    </SidePanel>
  )
}

/** "failingRows" → "Failing rows". */
function factName(key: string): string {
  return sentence(key.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase())
}

function Facts({ title, value }: { title: string; value: unknown }) {
  const facts = factsOf(value)
  if (facts.length === 0) return null
  return (
    <section className='block'>
      <h3>{title}</h3>
      <dl className='kv'>
        {facts.map(([name, text]) => (
          <div key={name} className='audit-fact'>
            <dt>{factName(name)}</dt>
            <dd className='wrap'>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** One line for each value that is on either side. */
function Change({ before, after }: { before: unknown; after: unknown }) {
  const was = new Map(factsOf(before))
  const is = new Map(factsOf(after))
  const names = [...new Set([...was.keys(), ...is.keys()])]
  return (
    <section className='block'>
      <h3>Before and after</h3>
      <table className='audit-change'>
        <thead><tr><th scope='col'>Value</th><th scope='col'>Before</th><th scope='col'>After</th></tr></thead>
        <tbody>
          {names.map((name) => (
            <tr key={name}>
              <th scope='row' className='wrap'>{name.includes('.') ? <span className='mono'>{name}</span> : factName(name)}</th>
              <td className='wrap'>{was.get(name) ?? <span className='t3'>none</span>}</td>
              <td className='wrap'>{is.get(name) ?? <span className='t3'>none</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
