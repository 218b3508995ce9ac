export {
	type ClampOptions,
	clampBoundingBoxes,
	clampKeyPoints,
} from "./clamp.ts";
export { convertBoundingBoxFormat } from "./convert.ts";
export {
	type SanitizeOptions,
	sanitizeBoundingBoxes,
	sanitizeKeyPoints,
} from "./sanitize.ts";
