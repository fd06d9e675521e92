import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** node make-xml.ts <path> <bytes>: a document of products in a zip. A process of its own, so that its memory is not in the figures. */

const [, , path = '', bytes = '0'] = process.argv
const BATCH = 1_000

function* xmlDocument(): Generator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<products>\n'
  let written = 0
  for (let id = 1; written < Number(bytes); ) {
    let text = ''
    for (const end = id + BATCH; id < end; id++) {
      text += `<product id="${id}"><name>Product ${id * 7919} of &amp; company</name><price currency="EUR">${(id % 9_973) / 100}</price><tags><tag>a${id % 17}</tag><tag>b${id % 29}</tag></tags><note>${(id * 2_654_435_761).toString(36)} lorem ipsum dolor sit amet</note></product>\n`
    }
    written += text.length
    yield text
  }
  yield '</products>\n'
}

const zip = new ZipFile()
zip.addReadStream(Readable.from(xmlDocument()), 'products.xml')
zip.end()
await pipeline(zip.outputStream, createWriteStream(path))
