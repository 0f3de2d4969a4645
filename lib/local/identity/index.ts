export { personIdOf, readCredentials, seedDemoUser, type DemoUser } from './demo-user';
export { type Directory, poolOf } from './directory';
export { signUpAndSignIn, type OpenDirectory, type SignedUp } from './sign-up';
