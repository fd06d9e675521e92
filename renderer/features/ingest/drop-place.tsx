import { useRef } from 'react'
import type { DeliveredItem } from '../../api/collect-dropped.ts'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'

/** Where files are chosen; dropping works anywhere on the window. */
export function DropPlace({ onChosen }: { onChosen: (items: DeliveredItem[]) => void }) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const take = (list: FileList | null): void => {
    const items = [...(list ?? [])].map((file) => ({ file, path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath }))
    if (items.length > 0) onChosen(items)
  }
  return (
    <div className='ingest-start'>
      <div className='ingest-sheet'>
        <header>
          <h2>Add data</h2>
          <p className='t2'>Strata says what the files are, by their content, before it writes anything: format, encoding, columns and types, each with what it rests on.</p>
        </header>
        <div className='ingest-drop'>
          <Icon name='inbox' size={24} />
          <div className='grow'>
            <div className='strong'>Drop files or a folder here</div>
            <div className='t2 s12'>Delimited or of fixed width, JSON, XML, Parquet, Excel workbooks, SQLite, DuckDB; packed ones too</div>
          </div>
          <Button onClick={() => folder.current?.click()}>Choose a folder</Button>
          <Button variant='primary' autoFocus onClick={() => files.current?.click()}>Choose files</Button>
        </div>
        <input ref={files} type='file' multiple hidden aria-label='Files to add' onChange={(event) => take(event.target.files)} />
        <input ref={folder} type='file' hidden aria-label='Folder to add' {...{ webkitdirectory: '' }} onChange={(event) => take(event.target.files)} />
      </div>
    </div>
  )
}
