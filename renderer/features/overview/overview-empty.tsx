import { ZONES, type Zone } from '../../../shared/domain/zone.ts'
import { ingestAddress } from '../../ui/addresses.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { ZoneMark } from '../../ui/zone-mark.tsx'

const SAYS: Readonly<Record<Zone, string>> = {
  raw: 'files exactly as delivered, with their hash',
  preprocessed: 'typed and named; bad rows in quarantine',
  processed: 'one row per entity, rules applied',
  curated: 'joined, checked, approved',
  results: 'what you hand out',
}

interface OverviewEmptyProps {
  path: string
  onCheck: () => void
  /** Null where the host has no folder dialog. */
  onOpenWorkspace: (() => void) | null
}

/** A workspace without a data type: what the zones are for, and how the first one is made. */
export function OverviewEmpty({ path, onCheck, onOpenWorkspace }: OverviewEmptyProps) {
  return (
    <div className='grow col' style={{ position: 'relative' }}>
      <div className='fresh-lanes'>
        {ZONES.map((zone) => (
          <div key={zone} className={`z-${zone}`}>
            <b><ZoneMark zone={zone} />{zone}</b>
            <p>{SAYS[zone]}</p>
          </div>
        ))}
      </div>
      <div className='fresh-sheet'>
        <header>
          <h2>Add the first data</h2>
          <p className='t2' style={{ marginTop: 3 }}>
            A data type is one kind of data with its own pipeline, for example <span className='mono'>prevalence</span> or <span className='mono'>drugs</span>. Start with a file; Strata shows what it found before it writes anything.
          </p>
        </header>
        <div className='fresh-drop'>
          <Icon name='inbox' size={24} />
          <div className='grow'>
            <div className='strong'>Drop files or a folder here</div>
            <div className='t2 s12'>CSV, TSV, JSON, NDJSON, XML, Parquet, Excel workbooks; packed ones too</div>
          </div>
          <LinkButton variant='primary' href={ingestAddress()}>Choose files</LinkButton>
        </div>
        <div className='fresh-way'>
          <Icon name='code' size={18} />
          <b>Write a pipeline</b>
          <p><span className='mono'>pipelines/&lt;data_type&gt;/pipeline.yaml</span> names the sources; each dataset is one file holding one SELECT</p>
          <Button onClick={onCheck}>Look again</Button>
        </div>
        <div className='fresh-way'>
          <Icon name='folder' size={18} />
          <b>Open the sample</b>
          <p><span className='mono'>strata init my-workspace --sample rare-disease</span> makes three data types to try; delete the folder to be rid of it</p>
          {onOpenWorkspace !== null && <Button onClick={onOpenWorkspace}>Open a workspace</Button>}
        </div>
        <div className='fresh-way'>
          <Icon name='inbox' size={18} />
          <b>This workspace</b>
          <p className='mono'>{path}</p>
        </div>
      </div>
    </div>
  )
}
