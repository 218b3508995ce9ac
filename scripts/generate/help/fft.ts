/** Fourier transforms. */
import { table } from "./table.ts";

const norm =
	'what is divided by n or √n: "backward" (default: the inverse transform, by n), "ortho" (each, by √n), "forward" (the transform, by n)';
const one = {
	n: "how many points: the input is cut or filled up with zeros",
	dim: "along which dimension",
	norm,
};
const two = {
	s: "how many points in each dimension: the input is cut or filled up with zeros",
	dim: "along which two dimensions",
	norm,
};
const many = {
	s: "how many points in each dimension: the input is cut or filled up with zeros",
	dim: "along which dimensions; else all, or as many of the last as s has",
	norm,
};
const any = "real or complex numbers of any shape";
const half = "complex: n / 2 + 1 points, as the other half is their conjugate";
const halved =
	"the non-negative half of a spectrum whose other half is its conjugate";

const transforms = table(
	{ args: { input: any }, result: "complex" },
	{
		"fft.fft": {
			about: "The discrete Fourier transform in one dimension.",
			args: one,
			example: "torch.fft.fft(torch.ones(4)).real() // [4, 0, 0, 0]",
		},
		"fft.ifft": {
			about: "The inverse discrete Fourier transform in one dimension.",
			args: one,
			example: "torch.fft.ifft(torch.ones(4)).real() // [1, 0, 0, 0]",
		},
		"fft.rfft": {
			about: "The discrete Fourier transform of real numbers in one dimension.",
			args: { input: "real numbers of any shape", ...one },
			result: half,
			example: "torch.fft.rfft(torch.ones(4)).real() // [4, 0, 0]",
		},
		"fft.irfft": {
			about: "The inverse of `rfft`.",
			args: {
				input: halved,
				...one,
				n: "how many points the result has; else 2 · (the input's − 1), which is right for even ones",
			},
			result: "real numbers",
			example: "torch.fft.irfft(torch.fft.rfft(torch.ones(4))) // [1, 1, 1, 1]",
		},
		"fft.hfft": {
			about:
				"The discrete Fourier transform of a signal whose second half is the first one's conjugate.",
			args: { input: "the first half of the signal", ...one },
			result: "real numbers",
			example: "torch.fft.hfft(torch.ones(3)).shape // [4]",
		},
		"fft.ihfft": {
			about: "The inverse of `hfft`.",
			args: { input: "real numbers of any shape", ...one },
			result: half,
			example: "torch.fft.ihfft(torch.ones(4)).real() // [1, 0, 0]",
		},
		"fft.fft2": {
			about: "The discrete Fourier transform in two dimensions.",
			args: two,
			example: "torch.fft.fft2(torch.ones(2, 2)).real() // [[4, 0], [0, 0]]",
		},
		"fft.ifft2": {
			about: "The inverse discrete Fourier transform in two dimensions.",
			args: two,
			example: "torch.fft.ifft2(torch.ones(2, 2)).real() // [[1, 0], [0, 0]]",
		},
		"fft.rfft2": {
			about:
				"The discrete Fourier transform of real numbers in two dimensions.",
			args: { input: "real numbers of any shape", ...two },
			result: "complex; half the points in the last dimension, and one more",
			example: "torch.fft.rfft2(torch.ones(2, 2)).real() // [[4, 0], [0, 0]]",
		},
		"fft.irfft2": {
			about: "The inverse of `rfft2`.",
			args: { input: halved, ...two },
			result: "real numbers",
			example:
				"torch.fft.irfft2(torch.fft.rfft2(torch.ones(2, 2))) // [[1, 1], [1, 1]]",
		},
		"fft.fftn": {
			about: "The discrete Fourier transform in several dimensions.",
			args: many,
			example: "torch.fft.fftn(torch.ones(2, 2)).real() // [[4, 0], [0, 0]]",
		},
		"fft.ifftn": {
			about: "The inverse discrete Fourier transform in several dimensions.",
			args: many,
			example: "torch.fft.ifftn(torch.ones(2, 2)).real() // [[1, 0], [0, 0]]",
		},
		"fft.rfftn": {
			about:
				"The discrete Fourier transform of real numbers in several dimensions.",
			args: { input: "real numbers of any shape", ...many },
			result: "complex; half the points in the last dimension, and one more",
			example: "torch.fft.rfftn(torch.ones(2, 2)).real() // [[4, 0], [0, 0]]",
		},
		"fft.irfftn": {
			about: "The inverse of `rfftn`.",
			args: { input: halved, ...many },
			result: "real numbers",
			example:
				"torch.fft.irfftn(torch.fft.rfftn(torch.ones(2, 2))) // [[1, 1], [1, 1]]",
		},
		"fft.fftfreq": {
			about:
				"The frequencies of a transform's points: 0, 1, …, then the negative ones.",
			args: {
				n: "how many points",
				d: "how far apart the samples are",
				dtype: "dtype of the new tensor",
			},
			result: "[n]",
			example: "torch.fft.fftfreq(4) // [0, 0.25, -0.5, -0.25]",
		},
		"fft.rfftfreq": {
			about: "The frequencies of the points of `rfft`.",
			args: {
				n: "how many points the signal has",
				d: "how far apart the samples are",
				dtype: "dtype of the new tensor",
			},
			result: "[n / 2 + 1]",
			example: "torch.fft.rfftfreq(4) // [0, 0.25, 0.5]",
		},
		"fft.fftshift": {
			about: "A spectrum with frequency 0 in the middle.",
			args: { dim: "along which dimensions; else all" },
			result: "a tensor of the input's shape",
			example: "torch.fft.fftshift(torch.arange(4)) // [2, 3, 0, 1]",
		},
		"fft.ifftshift": {
			about: "The inverse of `fftshift`.",
			args: { dim: "along which dimensions; else all" },
			result: "a tensor of the input's shape",
			example: "torch.fft.ifftshift(torch.arange(4)) // [2, 3, 0, 1]",
		},
	},
);

const frames = {
	nFft: "how many points a transform has",
	hopLength: "how far from one window to the next; else nFft / 4",
	winLength: "how long a window is; else nFft",
	window: "the window: [winLength]; else ones",
	center:
		"whether the signal is padded so that the t-th window has sample t · hopLength in its middle",
	normalized: "whether the result is divided by √nFft",
	onesided: "whether half of the spectrum is left out; else for real signals",
	returnComplex: "whether the result is complex",
};

const windowed = table(
	{ args: frames },
	{
		stft: {
			about:
				"The Fourier transforms of overlapping windows of a signal: a spectrogram.",
			args: {
				input: "signals: [time], or [batch, time]",
				padMode: 'what the signal is padded with: "reflect", "constant", …',
				alignToWindow:
					"without center: whether windows begin with the signal, also where they are shorter than nFft",
			},
			result: "[…, frequencies, windows]",
			example:
				"torch.stft(torch.ones(16), 4, { returnComplex: true }).shape // [3, 17]",
		},
		istft: {
			about: "The signal whose `stft` is nearest to the input.",
			args: {
				input: "complex: […, frequencies, windows]",
				length: "how long the signal is; else as the windows say",
			},
			result: "[…, time]",
			example:
				"torch.istft(torch.stft(torch.ones(16), 4, { returnComplex: true, window: torch.hannWindow(4) }), 4, { window: torch.hannWindow(4) }).shape // [16]",
		},
	},
);

export const fft = { ...transforms, ...windowed };
