export {
	type ClampOptions,
	clampBoundingBoxes,
	clampKeypoints,
} from "./clamp.ts";
export { convertBoundingBoxFormat } from "./convert.ts";
export {
	type SanitizeOptions,
	sanitizeBoundingBoxes,
	sanitizeKeypoints,
} from "./sanitize.ts";
