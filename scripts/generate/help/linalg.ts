/** Products of matrices, and torch.linalg. Matrices are the last two dimensions; those before them are batches. */
import { table } from "./table.ts";

const out = { outDtype: "dtype to sum in and to return" };

const products = table(
	{ args: { input: "numbers" } },
	{
		matmul: {
			about:
				"The product of two tensors: of vectors their dot product, of matrices the matrix product, of more dimensions that for each of a batch, which broadcasts.",
			args: { input: "[…, n, k], or [k]", other: "[…, k, m], or [k]" },
			result: "[…, n, m]; a vector's dimension is gone",
			example:
				"torch.matmul(torch.tensor([[1, 2], [3, 4]]), torch.tensor([1, 1])) // [3, 7]",
		},
		mm: {
			about: "The product of two matrices.",
			args: { input: "[n, k]", mat2: "[k, m]", ...out },
			result: "[n, m]",
			example:
				"torch.mm(torch.tensor([[1, 2]]), torch.tensor([[3], [4]])) // [[11]]",
		},
		bmm: {
			about: "The products of a batch of matrices.",
			args: { input: "[b, n, k]", mat2: "[b, k, m]", ...out },
			result: "[b, n, m]",
			example:
				"torch.bmm(torch.ones(2, 1, 3), torch.ones(2, 3, 1)).flatten() // [3, 3]",
		},
		mv: {
			about: "The product of a matrix and a vector.",
			args: { input: "[n, k]", vec: "[k]" },
			result: "[n]",
			example:
				"torch.mv(torch.tensor([[1, 2], [3, 4]]), torch.tensor([1, 1])) // [3, 7]",
		},
		dot: {
			about: "The dot product of two vectors.",
			args: { input: "[n]", tensor: "[n]" },
			result: "a tensor of no dimensions",
			example: "torch.dot(torch.tensor([1, 2]), torch.tensor([3, 4])) // 11",
		},
		vdot: {
			about: "The dot product of two vectors, the first one conjugated.",
			args: { input: "[n]", other: "[n]" },
			result: "a tensor of no dimensions",
			example: "torch.vdot(torch.tensor([1, 2]), torch.tensor([3, 4])) // 11",
		},
		inner: {
			about: "The sums of products along the last dimension of both.",
			args: { input: "[…, k]", other: "[…, k]" },
			result: "the first dimensions of both, one behind the other",
			example: "torch.inner(torch.tensor([1, 2]), torch.tensor([3, 4])) // 11",
		},
		outer: {
			about: "The products of all elements of one vector with all of another.",
			args: { input: "[n]", vec2: "[m]" },
			result: "[n, m]",
			example:
				"torch.outer(torch.tensor([1, 2]), torch.tensor([3, 4])) // [[3, 4], [6, 8]]",
		},
		addmm: {
			about: "beta · input + alpha · (mat1 mat2).",
			args: {
				input: "a tensor that broadcasts to [n, m]",
				mat1: "[n, k]",
				mat2: "[k, m]",
				beta: "what the input is multiplied by; 0: it is not read",
				alpha: "what the product is multiplied by",
				...out,
			},
			result: "[n, m]",
			example:
				"torch.addmm(torch.tensor([[1]]), torch.tensor([[1, 2]]), torch.tensor([[3], [4]])) // [[12]]",
		},
		addmv: {
			about: "beta · input + alpha · (mat vec).",
			args: {
				input: "a tensor that broadcasts to [n]",
				mat: "[n, k]",
				vec: "[k]",
				beta: "what the input is multiplied by; 0: it is not read",
				alpha: "what the product is multiplied by",
			},
			result: "[n]",
			example:
				"torch.addmv(torch.tensor([1]), torch.tensor([[1, 2]]), torch.tensor([3, 4])) // [12]",
		},
		addr: {
			about: "beta · input + alpha · the outer product of two vectors.",
			args: {
				input: "a tensor that broadcasts to [n, m]",
				vec1: "[n]",
				vec2: "[m]",
				beta: "what the input is multiplied by; 0: it is not read",
				alpha: "what the product is multiplied by",
			},
			result: "[n, m]",
			example:
				"torch.addr(torch.zeros(1, 2), torch.ones(1), torch.ones(2)) // [[1, 1]]",
		},
		addbmm: {
			about: "beta · input + alpha · the sum of a batch of matrix products.",
			args: {
				input: "a tensor that broadcasts to [n, m]",
				batch1: "[b, n, k]",
				batch2: "[b, k, m]",
				beta: "what the input is multiplied by; 0: it is not read",
				alpha: "what the sum is multiplied by",
			},
			result: "[n, m]",
			example:
				"torch.addbmm(torch.zeros(1, 1), torch.ones(2, 1, 3), torch.ones(2, 3, 1)) // [[6]]",
		},
		baddbmm: {
			about: "beta · input + alpha · a batch of matrix products.",
			args: {
				input: "a tensor that broadcasts to [b, n, m]",
				batch1: "[b, n, k]",
				batch2: "[b, k, m]",
				beta: "what the input is multiplied by; 0: it is not read",
				alpha: "what the products are multiplied by",
				...out,
			},
			result: "[b, n, m]",
			example:
				"torch.baddbmm(torch.zeros(1, 1, 1), torch.ones(2, 1, 3), torch.ones(2, 3, 1)).flatten() // [3, 3]",
		},
		kron: {
			about:
				"The Kronecker product: each element of the input times all of the other.",
			args: { other: "numbers" },
			result: "sizes are the products of both's",
			example:
				"torch.kron(torch.tensor([1, 10]), torch.tensor([1, 2])) // [1, 2, 10, 20]",
		},
		cross: {
			about: "The cross products of vectors of three elements.",
			args: {
				other: "a tensor of the same shape",
				dim: "the dimension of size 3; else the first that has it",
			},
			result: "a tensor of the input's shape",
			example:
				"torch.cross(torch.tensor([1, 0, 0]), torch.tensor([0, 1, 0]), 0) // [0, 0, 1]",
		},
		trace: {
			about: "The sum of a matrix's diagonal.",
			args: { input: "[n, m]" },
			result: "a tensor of no dimensions",
			example: "torch.trace(torch.tensor([[1, 2], [3, 4]])) // 5",
		},
		logdet: {
			about:
				"The logarithms of square matrices' determinants; NaN where one is negative.",
			args: { input: "[…, n, n]" },
			result: "[…]",
			example: "torch.logdet(torch.eye(2)) // 0",
		},
		pinverse: {
			about: "The pseudo-inverses of matrices; another name of `linalg.pinv`.",
			args: {
				input: "[…, n, m]",
				rcond: "singular values below this share of the greatest count as 0",
			},
			result: "[…, m, n]",
			example: "torch.pinverse(torch.eye(2)) // [[1, 0], [0, 1]]",
		},
		cosineSimilarity: {
			about: "The cosine of the angle between vectors.",
			args: {
				x1: "vectors along `dim`",
				x2: "others that broadcast with them",
				dim: "the vectors' dimension",
				eps: "the least length, so that nothing is divided by 0",
			},
			result: "a tensor without that dimension",
			example:
				"torch.cosineSimilarity(torch.tensor([[1, 0]]).float(), torch.tensor([[0, 1]]).float()) // [0]",
		},
		pairwiseDistance: {
			about:
				"The p-norms of the differences of vectors along the last dimension.",
			args: {
				x1: "[…, n]",
				x2: "others that broadcast with them",
				p: "which norm",
				eps: "what is added to each difference, so that gradients exist at 0",
			},
			result: "[…]",
			example:
				"torch.pairwiseDistance(torch.zeros(1, 2), torch.tensor([[3, 4]]).float()).round() // [5]",
		},
		pdist: {
			about: "The p-norm distances of all pairs of rows.",
			args: { input: "[n, m]", p: "which norm" },
			result: "[n · (n − 1) / 2]",
			example: "torch.pdist(torch.tensor([[0, 0], [3, 4]]).float()) // [5]",
		},
	},
);

const matrix = "floating-point or complex, […, n, m]";
const square = "floating-point or complex, […, n, n]";
const norms = {
	dim: "which dimensions; none: all",
	dtype: "dtype to convert to first",
};
const upper =
	"whether the triangle above the diagonal is meant instead of the one below";
const UPLO =
	'"L" or "U": which triangle of the matrices is read, the lower or the upper one';
const factors = {
	LU: "both factors in one matrix, as `luFactor` gives them",
	pivots: "the exchanges of rows that it gives, too",
};
const tolerances = {
	atol: "singular values below this count as 0",
	rtol: "singular values below this share of the greatest count as 0; else max(n, m) · the dtype's epsilon",
	hermitian: "whether the matrices are symmetric (Hermitian), which is faster",
};

const space = table(
	{ args: { input: matrix, A: square } },
	{
		"linalg.norm": {
			about: "A norm of vectors or matrices, or of all elements.",
			args: {
				input: "numbers of any shape",
				ord: 'which: a number, "fro" or "nuc"; else the 2-norm of all elements',
				...norms,
			},
			result: "a tensor without those dimensions",
			example: "torch.linalg.norm(torch.tensor([3, 4]).float()) // 5",
		},
		"linalg.vectorNorm": {
			about: "The norm of vectors: (Σ |x|^ord)^(1/ord).",
			args: {
				input: "numbers of any shape",
				ord: "which norm: any number, also ∞, −∞ and 0",
				...norms,
			},
			result: "a tensor without those dimensions",
			example: "torch.linalg.vectorNorm(torch.tensor([3, 4]).float(), 1) // 7",
		},
		"linalg.matrixNorm": {
			about: "The norm of matrices.",
			args: {
				ord: 'which: "fro", "nuc", ∞, −∞, 1, −1, 2 or −2',
				...norms,
				dim: "the matrices' two dimensions",
			},
			result: "[…]",
			example: "torch.linalg.matrixNorm(torch.eye(4)) // 2",
		},
		"linalg.det": {
			about: "The determinants of square matrices.",
			result: "[…]",
			example:
				"torch.linalg.det(torch.tensor([[1, 2], [3, 4]]).double()).round() // -2",
		},
		"linalg.slogdet": {
			about:
				"The determinants of square matrices as signs and the logarithms of their absolute values.",
			result: "{ sign, logabsdet }, each […]",
			example: "torch.linalg.slogdet(torch.eye(2)) // [1, 0]",
		},
		"linalg.inv": {
			about: "The inverses of square matrices; an error where one is singular.",
			result: square,
			example: "torch.linalg.inv(torch.eye(2).mul(2)) // [[0.5, 0], [0, 0.5]]",
		},
		"linalg.invEx": {
			about:
				"The inverses of square matrices, and which could not be inverted.",
			args: { checkErrors: "whether that is an error" },
			result: "{ inverse, info }; info is 0 where all went well",
			example: "torch.linalg.invEx(torch.eye(2)) // [[[1, 0], [0, 1]], 0]",
		},
		"linalg.solve": {
			about: "The X of A X = B.",
			args: { B: "[…, n, k], or [n]", left: "false: of X A = B" },
			result: "a tensor of B's shape",
			example:
				"torch.linalg.solve(torch.eye(2).mul(2), torch.tensor([2, 4]).float()) // [1, 2]",
		},
		"linalg.solveTriangular": {
			about: "The X of A X = B where A is triangular.",
			args: {
				input: "A: […, n, n]",
				B: "[…, n, k]",
				upper: "whether A is upper triangular",
				left: "false: of X A = B",
				unitriangular: "whether A's diagonal counts as ones",
			},
			result: "a tensor of B's shape",
			example:
				"torch.linalg.solveTriangular(torch.eye(2), torch.ones(2, 1), { upper: true }) // [[1], [1]]",
		},
		"linalg.lstsq": {
			about: "The X for which ‖A X − B‖ is least.",
			args: {
				input: "A: […, n, m]",
				b: "B: […, n, k]",
				rcond: "singular values below this share of the greatest count as 0",
				driver:
					'which LAPACK function: "gelsy" (default on the CPU), "gelsd", "gelss" or "gels" (the only one on a GPU)',
			},
			result: "{ solution, residuals, rank, singularValues }",
			example:
				"torch.linalg.lstsq(torch.eye(2), torch.ones(2, 1))[0] // [[1], [1]]",
		},
		"linalg.cholesky": {
			about: "The triangular L of A = L Lᴴ, for positive definite matrices.",
			args: { input: square, upper },
			result: square,
			example: "torch.linalg.cholesky(torch.eye(2).mul(4)) // [[2, 0], [0, 2]]",
		},
		"linalg.choleskyEx": {
			about: "As `cholesky`, and which matrices are not positive definite.",
			args: { input: square, upper, checkErrors: "whether that is an error" },
			result: "{ L, info }; info is 0 where all went well",
			example: "torch.linalg.choleskyEx(torch.eye(2)) // [[[1, 0], [0, 1]], 0]",
		},
		"linalg.qr": {
			about: "A = Q R, with orthonormal columns in Q and a triangular R.",
			args: {
				A: matrix,
				mode: '"reduced": Q has as many columns as R has rows; "complete": Q is square; "r": R alone',
			},
			result: "{ Q, R }",
			example: "torch.linalg.qr(torch.ones(3, 2))[0].shape // [3, 2]",
		},
		"linalg.eig": {
			about: "The eigenvalues and eigenvectors of square matrices, complex.",
			args: { input: square },
			result:
				"{ eigenvalues, eigenvectors }: […, n] and […, n, n], a vector in each column",
			example: "torch.linalg.eig(torch.eye(2))[0].real() // [1, 1]",
		},
		"linalg.eigh": {
			about:
				"The eigenvalues, in ascending order, and eigenvectors of symmetric (Hermitian) matrices.",
			args: { input: square, UPLO },
			result: "{ eigenvalues, eigenvectors }: […, n], real, and […, n, n]",
			example: "torch.linalg.eigh(torch.eye(2))[0] // [1, 1]",
		},
		"linalg.eigvalsh": {
			about:
				"The eigenvalues of symmetric (Hermitian) matrices, in ascending order.",
			args: { input: square, UPLO },
			result: "[…, n], real",
			example: "torch.linalg.eigvalsh(torch.eye(2).mul(3)) // [3, 3]",
		},
		"linalg.svd": {
			about:
				"A = U diag(S) Vᴴ, with orthonormal columns in U and V, and S in descending order.",
			args: {
				A: matrix,
				fullMatrices:
					"whether U and V are square; false: with min(n, m) columns",
				driver: "which function of cuSOLVER, on a GPU",
			},
			result: "{ U, S, Vh }",
			example: "torch.linalg.svd(torch.eye(2).mul(3))[1] // [3, 3]",
		},
		"linalg.svdvals": {
			about: "The singular values of matrices, in descending order.",
			args: { A: matrix, driver: "which function of cuSOLVER, on a GPU" },
			result: "[…, min(n, m)]",
			example: "torch.linalg.svdvals(torch.eye(2).mul(3)) // [3, 3]",
		},
		"linalg.pinv": {
			about: "The pseudo-inverses of matrices.",
			args: { ...tolerances, rcond: "an older name of rtol" },
			result: "[…, m, n]",
			example: "torch.linalg.pinv(torch.eye(2).mul(2)) // [[0.5, 0], [0, 0.5]]",
		},
		"linalg.matrixRank": {
			about:
				"The ranks of matrices: how many singular values count as other than 0.",
			args: { ...tolerances, tol: "an older name of atol" },
			result: "int64 […]",
			example: "torch.linalg.matrixRank(torch.ones(2, 2)) // 1",
		},
		"linalg.cond": {
			about: "The condition numbers of matrices: ‖A‖ · ‖A⁻¹‖.",
			args: { p: 'in which norm; else 2: "fro", "nuc", ∞, −∞, 1, −1, 2 or −2' },
			result: "[…], real",
			example: "torch.linalg.cond(torch.eye(2)) // 1",
		},
		"linalg.matrixPower": {
			about:
				"Square matrices to the power of n; negative powers are those of the inverse.",
			args: { input: square, n: "a whole number" },
			result: square,
			example:
				"torch.linalg.matrixPower(torch.eye(2).mul(2), 3) // [[8, 0], [0, 8]]",
		},
		"linalg.matrixExp": {
			about: "The exponentials of square matrices.",
			args: { input: square },
			result: square,
			example: "torch.linalg.matrixExp(torch.zeros(2, 2)) // [[1, 0], [0, 1]]",
		},
		"linalg.multiDot": {
			about:
				"The product of several matrices, in the order of multiplications that costs least.",
			args: { tensors: "matrices; the first and the last may be vectors" },
			result: "[n, m]",
			example:
				"torch.linalg.multiDot([torch.eye(2), torch.eye(2), torch.ones(2)]) // [1, 1]",
		},
		"linalg.lu": {
			about: "A = P L U: a permutation, a lower and an upper triangle.",
			args: {
				A: matrix,
				pivot:
					"whether rows are exchanged; without, there is no solution for some matrices, and on a GPU only",
			},
			result: "{ P, L, U }",
			example: "torch.linalg.lu(torch.eye(2))[1] // [[1, 0], [0, 1]]",
		},
		"linalg.luFactor": {
			about: "The LU factorization in one matrix, for `luSolve`.",
			args: { A: matrix, pivot: "whether rows are exchanged" },
			result: "{ LU, pivots }",
			example: "torch.linalg.luFactor(torch.eye(2))[0] // [[1, 0], [0, 1]]",
		},
		"linalg.luSolve": {
			about: "The X of A X = B for an A that is factored.",
			args: {
				...factors,
				B: "[…, n, k]",
				left: "false: of X A = B",
				adjoint: "whether Aᴴ is meant instead of A",
			},
			result: "a tensor of B's shape",
			example:
				"torch.linalg.luSolve(...torch.linalg.luFactor(torch.eye(2)), torch.ones(2, 1)) // [[1], [1]]",
		},
		"linalg.vecdot": {
			about: "The dot products of vectors along a dimension, x conjugated.",
			args: {
				x: "numbers of any shape",
				y: "a tensor that broadcasts with x",
				dim: "the vectors' dimension",
			},
			result: "a tensor without that dimension",
			example: "torch.linalg.vecdot(torch.ones(2), torch.ones(2)) // 2",
		},
		"linalg.cross": {
			about: "The cross products of vectors of three elements.",
			args: {
				input: "numbers of any shape",
				other: "a tensor that broadcasts with it",
				dim: "the dimension of size 3",
			},
			result: "the shape that both broadcast to",
			example:
				"torch.linalg.cross(torch.tensor([1, 0, 0]), torch.tensor([0, 1, 0])) // [0, 0, 1]",
		},
		"linalg.diagonal": {
			about: "The diagonals of matrices, as a view.",
			args: {
				A: "[…, n, m]",
				offset: "which diagonal: 0 the main one, above it positive",
				dim1: "the matrices' one dimension",
				dim2: "their other one",
			},
			result: "[…, length]",
			example: "torch.linalg.diagonal(torch.eye(2)) // [1, 1]",
		},
		"linalg.matmul": {
			about: "The product of two tensors; another name of `torch.matmul`.",
			args: { input: "[…, n, k], or [k]", other: "[…, k, m], or [k]" },
			result: "[…, n, m]",
			example: "torch.linalg.matmul(torch.eye(2), torch.ones(2)) // [1, 1]",
		},
		"linalg.householderProduct": {
			about: "The first columns of a product of Householder matrices.",
			args: {
				input: "the vectors, as columns: […, n, k]",
				tau: "their factors: […, k]",
			},
			result: "[…, n, k]",
			example:
				"torch.linalg.householderProduct(torch.eye(2), torch.zeros(2)) // [[1, 0], [0, 1]]",
		},
		"linalg.tensorsolve": {
			about: "The X for which `tensordot(A, X)` is B.",
			args: {
				input: "A, which reshaped is a square matrix",
				other: "B, whose shape A's begins with",
				dims: "dimensions of A to move to its end first",
			},
			result: "a tensor of the rest of A's shape",
			example:
				"torch.linalg.tensorsolve(torch.eye(4).reshape(2, 2, 4), torch.ones(2, 2)) // [1, 1, 1, 1]",
		},
		"linalg.tensorinv": {
			about: "The inverse of a tensor as `tensordot` sees it.",
			args: {
				input:
					"a tensor whose first `ind` sizes have the same product as the rest",
				ind: "how many dimensions are those of the rows",
			},
			result: "the rest of the sizes, then the first",
			example:
				"torch.linalg.tensorinv(torch.eye(4).reshape(2, 2, 4)).shape // [4, 2, 2]",
		},
		"linalg.vander": {
			about: "Matrices whose columns are ascending powers of vectors.",
			args: { x: "[…, n]", N: "how many columns; else n" },
			result: "[…, n, N]",
			example: "torch.linalg.vander(torch.tensor([2, 3])) // [[1, 2], [1, 3]]",
		},
	},
);

export const linalg = { ...products, ...space };
