import { begins, brand, both, either, isPlainText, isPageText, riff, type Fits } from './leading-bytes.ts';

// Shared with the page, which says so before it uploads anything: nothing of Node's here.

/** A type of file that is accepted. */
export interface FileType {
  readonly type: string;
  /** Without a dot. The first one is added to a name that has none of them. */
  readonly extensions: readonly string[];
  /** Whether the first bytes are such a file's. */
  readonly fits: Fits;
}

const ZIP = begins('PK\u0003\u0004', 'PK\u0005\u0006');
/** The container of Microsoft's older formats. */
const OLE = begins('\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1');
const OGG = begins('OggS');
const MATROSKA = begins('\u001aE\u00df\u00a3');
const MPEG_AUDIO = either(begins('ID3'), (head) => head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0);
const OFFICE = 'application/vnd.openxmlformats-officedocument';
const OPEN = 'application/vnd.oasis.opendocument';

/** Type, extensions, first bytes. No library: one that knows hundreds of formats weighs more than this service. */
const TYPES: readonly FileType[] = [
  of('image/png', 'png', begins('\u0089PNG\r\n\u001a\n')),
  of('image/jpeg', 'jpg jpeg jfif', begins('\u00ff\u00d8\u00ff')),
  of('image/gif', 'gif', begins('GIF87a', 'GIF89a')),
  of('image/webp', 'webp', riff('WEBP')),
  of('image/avif', 'avif', brand('avif', 'avis')),
  of('image/heic', 'heic heif', brand('heic', 'heix', 'hevc', 'mif1', 'msf1')),
  of('image/bmp', 'bmp', begins('BM')),
  of('image/tiff', 'tiff tif', begins('II*\u0000', 'MM\u0000*')),
  of('application/pdf', 'pdf', begins('%PDF-')),
  of('text/plain', 'txt text log md csv tsv json yaml yml ini toml', isPlainText),
  of('application/zip', 'zip', ZIP),
  of(`${OFFICE}.wordprocessingml.document`, 'docx', ZIP),
  of(`${OFFICE}.spreadsheetml.sheet`, 'xlsx', ZIP),
  of(`${OFFICE}.presentationml.presentation`, 'pptx', ZIP),
  of(`${OPEN}.text`, 'odt', ZIP),
  of(`${OPEN}.spreadsheet`, 'ods', ZIP),
  of(`${OPEN}.presentation`, 'odp', ZIP),
  of('application/msword', 'doc', OLE),
  of('application/vnd.ms-excel', 'xls', OLE),
  of('application/vnd.ms-powerpoint', 'ppt', OLE),
  of('audio/mpeg', 'mp3', MPEG_AUDIO),
  of('audio/wav', 'wav', riff('WAVE')),
  of('audio/flac', 'flac', begins('fLaC')),
  of(
    'audio/aac',
    'aac',
    both(MPEG_AUDIO, (head) => head[0] === 0xff),
  ),
  of('audio/mp4', 'm4a', brand()),
  of('audio/ogg', 'ogg oga opus', OGG),
  of('audio/webm', 'weba', MATROSKA),
  of('video/mp4', 'mp4 m4v', brand()),
  of(
    'video/quicktime',
    'mov',
    either(brand(), (head) => begins('moov', 'mdat', 'wide')(head.subarray(4))),
  ),
  of('video/webm', 'webm', MATROSKA),
  of('video/x-matroska', 'mkv', MATROSKA),
  of('video/ogg', 'ogv', OGG),
  of('video/x-msvideo', 'avi', riff('AVI ')),
];

/** What browsers call some of them as well. */
const ALSO: Readonly<Partial<Record<string, string>>> = {
  'image/jpg': 'image/jpeg',
  'image/heif': 'image/heic',
  'text/csv': 'text/plain',
  'text/markdown': 'text/plain',
  'text/tab-separated-values': 'text/plain',
  'application/json': 'text/plain',
  'application/x-zip-compressed': 'application/zip',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/x-flac': 'audio/flac',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'video/avi': 'video/x-msvideo',
};

const ACCEPTED = 'Accepted are images, PDF, plain text, office documents, zip, audio and video.';
const NO_PAGES = 'Web pages (HTML, SVG, XML) are not accepted: opened, they could act in the name of who opens them.';

/** The type that a browser named; null: it is not accepted. Parameters such as a charset do not count. */
export function findType(declared: string): FileType | null {
  const [name = ''] = declared.toLowerCase().split(';');
  const type = ALSO[name.trim()] ?? name.trim();
  return TYPES.find((each) => each.type === type) ?? null;
}

/** What a file is to be declared as: browsers do not know every type, and then its name decides. */
export function declaredType(name: string, type: string): string {
  if (findType(type) !== null) return type;
  const extension = extensionOf(name);
  return TYPES.find(({ extensions }) => extensions.includes(extension))?.type ?? type;
}

/** Why a declared type is not accepted, in a sentence. */
export function refusalOf(declared: string): string {
  return /\b(x?html|svg|xml|xsl\w*|javascript|ecmascript)\b/iu.test(declared) ? NO_PAGES : ACCEPTED;
}

/** Why the first bytes of a file are not accepted as its type's, in a sentence; null: they are. */
export function misfitOf({ type, fits }: FileType, head: Uint8Array): string | null {
  if (fits(head)) return null;
  return type === 'text/plain' && isPageText(head) ? NO_PAGES : `This file is not what it is said to be (${type}).`;
}

/** So many bytes decide, or all of a shorter file. */
export const HEAD_BYTES = 512;

/** The part of a name after its last dot, in small letters; empty where there is none. */
export function extensionOf(name: string): string {
  return /\.([^.]+)$/u.exec(name)?.[1]?.toLowerCase() ?? '';
}

function of(type: string, extensions: string, fits: Fits): FileType {
  return { type, extensions: extensions.split(' '), fits };
}
