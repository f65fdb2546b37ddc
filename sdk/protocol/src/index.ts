// Placeholder for the wire protocol; replaced by its first real file.
export {};
