// Placeholder for the client; replaced by its first real file.
export {};
