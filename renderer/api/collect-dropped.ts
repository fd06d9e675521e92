/** A dropped or chosen file with its place below what was dropped: `folder/part.csv`. */
export interface DeliveredItem {
  file: File
  path: string
}

/**
 * All files behind a drop, also those in folders; `asTheyLie`: folders as such, where their place on this machine says the rest. What the event
 * holds must be taken before it is over, which this does.
 */
export function collectDropped(transfer: DataTransfer, asTheyLie: boolean): Promise<DeliveredItem[]> {
  const files = [...transfer.files].map((file): DeliveredItem => ({ file, path: file.name }))
  if (asTheyLie) return Promise.resolve(files)
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  // What a page made itself has no entries.
  if (entries.length === 0) return Promise.resolve(files)
  return Promise.all(entries.map(filesOf)).then((lists) => lists.flat())
}

/** Chromium has the interfaces, but no constructors by their names. */
function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory
}

async function filesOf(entry: FileSystemEntry): Promise<DeliveredItem[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    return [{ file, path: entry.fullPath.replace(/^\//, '') }]
  }
  if (!isDirectory(entry)) return []
  const reader = entry.createReader()
  const children: FileSystemEntry[] = []
  // A reader gives some at a time, and none when it is through.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) break
    children.push(...some)
  }
  return (await Promise.all(children.filter(({ name }) => !name.startsWith('.')).map(filesOf))).flat()
}
