// Placeholder; replaced by the operator.
export {};
