// Gradients: of a function of one number, through a loop, and second ones. Run: node dist/examples/autograd.js
import { autograd, type Tensor, tensor } from "torch-node";

// d/dx of x³ + 2x is 3x² + 2
const x = tensor([1, 2, 3], { dtype: "float32", requiresGrad: true });
const y = x.pow(3).add(x.mul(2));
console.log(y);
y.sum().backward();
console.log("dy/dx =", x.grad);

// Any code that computes is differentiated: here the square root of 2, by Newton's method
const a = tensor(2, { dtype: "float64", requiresGrad: true });
let root = tensor(1, { dtype: "float64" });
for (let i = 0; i < 6; i++) root = root.add(a.div(root)).div(2);
root.backward();
console.log("√2 =", root.item());
console.log("d√a/da = 1 / (2√a) =", a.grad?.item());

// Gradients of gradients: sin'' = -sin
const t = tensor([0, 0.5, 1, 1.5], { requiresGrad: true });
const [cos] = autograd.grad(t.sin().sum(), t, { createGraph: true }) as [
	Tensor,
];
const [second] = autograd.grad(cos.sum(), t);
console.log("sin'' =", second);
console.log("-sin  =", t.detach().sin().neg());
